import type { CallContext } from './call-context.js'
import type { Capabilities } from './capabilities.js'
import type { ChatEvent } from './chat-event.js'
import type { ChatRequest } from './chat-request.js'
import type { Discovery, DiscoverOptions } from './discovery.js'
import type { EmbedRequest, EmbedResponse } from './embed-request.js'
import type { Lifecycle } from './lifecycle.js'
import type { LimitReport, LimitRule } from './limit.js'
import type { Locality } from './locality.js'
import type { ModelCard } from './model-card.js'
import type { ModelChoice, ModelNeed } from './model-choice.js'
import type { ProbeCheck, ProbeOptions } from './probe.js'
import type { Readiness } from './readiness.js'
import type { Task } from './task.js'

/**
 * A back end. A plain object made by a factory: `ollama({ baseURL })`. It declares what it is and
 * does what it declares; a member it cannot do is absent. Making one does no I/O.
 *
 * Every method throws only `OpenMuxError`s, stops soon after `context.signal` is aborted (with
 * code `aborted`), and can be called again after any failure.
 */
export interface Provider {
  /** The version of this contract the provider was written for. */
  readonly contract: 1
  /** Stable, lower case, unique among the providers of one orchestrator: `ollama`. */
  readonly id: string
  /** For people: `Ollama`. */
  readonly name: string
  /** Other spellings users may know it by. Case and punctuation never matter. */
  readonly aliases?: readonly string[]
  readonly lifecycle: Lifecycle
  readonly locality: Locality
  readonly tasks: readonly Task[]
  /** The most any of its models can do. */
  readonly supports: Capabilities
  /** `host:port` of every server it may send anything to. Keys never go elsewhere. */
  readonly hosts: readonly string[]

  /** A cheap probe that never generates: could it answer now, and if not, why and what to do. Never throws but for `aborted`. */
  ready(context: CallContext): Promise<Readiness>
  /** The models it has or can get. Throws when the back end cannot be asked. */
  models(context: CallContext): Promise<readonly ModelCard[]>
  /**
   * The models it would take for a need when the caller names none, best first; empty when none fits.
   * Absent: the first fitting card of `models()` is taken.
   */
  recommend?(need: ModelNeed, context: CallContext): Promise<readonly ModelChoice[]>
  /** The allowances a request to this model would count against, as far as they are known beforehand. No I/O. */
  limits?(model: string): readonly LimitRule[]
  /** Asks the back end what is left of its allowances, without generating. Throws when it cannot be asked. */
  quota?(context: CallContext): Promise<readonly LimitReport[]>
  /**
   * One answer as events in the order of {@link ChatEvent}. Nothing happens before it is iterated. Its iterator may
   * hand out at once what has arrived already (`ArrivingIterator`).
   */
  chat?(request: ChatRequest, context: CallContext): AsyncIterable<ChatEvent>
  /** Vectors for texts, in order. */
  embed?(request: EmbedRequest, context: CallContext): Promise<EmbedResponse>
  /**
   * Compares the back end with what this package believes about it, endpoint by endpoint, in a stable order. Generates
   * nothing unless `spend`. Works without a key as far as that goes. Never throws but for `aborted`.
   */
  probe?(options: ProbeOptions, context: CallContext): Promise<readonly ProbeCheck[]>
  /** Finds out which addresses answer and which models could be used, by whom and how. Generates nothing. */
  discover?(options: DiscoverOptions, context: CallContext): Promise<Discovery>
  /** Frees everything held. Calls under way fail with `aborted`. Safe to call twice. */
  close(): Promise<void>
}
