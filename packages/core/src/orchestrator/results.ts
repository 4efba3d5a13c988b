import type { Attempt } from '../contract/attempt.js'
import type { ChatEvent, StartEvent } from '../contract/chat-event.js'
import type { DecisionRecord } from '../contract/decision.js'
import type { EmbeddingSpace } from '../contract/embedding-space.js'
import type { FinishReason } from '../contract/finish-reason.js'
import type { Lifecycle } from '../contract/lifecycle.js'
import type { Locality } from '../contract/locality.js'
import type { ToolCall } from '../contract/message.js'
import type { ModelCard } from '../contract/model-card.js'
import type { Readiness } from '../contract/readiness.js'
import type { Task } from '../contract/task.js'
import type { Usage } from '../contract/usage.js'
import type { Warning } from '../contract/warning.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { OpenMuxError } from '../errors/openmux-error.js'

/** Where an answer came from and what it took. Part of every result. */
export interface Provenance {
  readonly provider: string
  /** The model that really served, as the back end names it. */
  readonly model: string
  /** Who computed the answer, where the provider passes requests on to others and says so. */
  readonly servedBy?: string
  /** All tries, the successful one last. */
  readonly attempts: readonly Attempt[]
  readonly decision: DecisionRecord
  readonly warnings: readonly Warning[]
  /** From the call to the end of the answer, ms, all attempts and waits included. */
  readonly durationMs: number
  /**
   * A model that declares itself a last resort answered: what it is, in its own words. Whoever shows the answer
   * should show this, too. Who could not answer, why, and when they may again, is on `attempts` and `decision`.
   */
  readonly lastResort?: string
  /** Of every attempt that is part of the answer, together; the others are on `attempts`. */
  readonly usage?: Usage
  /** It came from a cache (`@openmux/core/cache`): nobody was asked, and nothing was spent, for this result. */
  readonly cached?: CachedMark
}

/** What a cache says of an answer it gave. */
export interface CachedMark {
  /** When it was kept, ms since 1970; of an answer shared with an equal request under way: when it came. */
  readonly storedAt: number
  /** What it cost then. */
  readonly usage?: Usage
  /** Of an answer to a question that was only similar: the cosine of the two. */
  readonly similarity?: number
}

/** A whole answer. A result is never a broken answer: those are thrown. */
export interface ChatResult extends Provenance {
  readonly text: string
  /** The model's thinking, where the back end shows it. */
  readonly reasoning: string
  readonly toolCalls: readonly ToolCall[]
  readonly finishReason: FinishReason
  /** The vendor's own word for it. */
  readonly rawFinishReason?: string
  /** How often the answer broke off and was continued, in a stream. */
  readonly resumed: number
  /** From the call to the first piece of the answer, ms. */
  readonly firstTokenMs?: number
}

/**
 * An answer that broke off goes on, on another candidate or on the same one once more. The text that follows
 * comes right after the text before it, with nothing lost and nothing doubled – or, with `discard`, replaces it.
 */
export interface ResumedEvent {
  readonly type: 'resumed'
  readonly provider: string
  /** The model that goes on, as the back end names it. */
  readonly model: string
  /** `prefill`: it was handed the text and went on. `restart`: it began anew and was read up to the seam. */
  readonly by: 'prefill' | 'restart'
  /** Forget all text that came before: what follows is a whole answer. Only with `onBreak: 'restart'`. */
  readonly discard: boolean
  /** Why the answer before broke off. */
  readonly code: ErrorCode
  readonly warnings: readonly Warning[]
}

/**
 * What a stream yields: the provider's events, with the provider named on `start`; one `start`, then pieces and any
 * number of `resumed`, one `finish`. `lastResort` as on the result.
 */
export type ChatStreamEvent =
  | (StartEvent & { readonly provider: string; readonly lastResort?: string })
  | ResumedEvent
  | Exclude<ChatEvent, StartEvent>

/**
 * An answer while it comes. Iterate it once, for events or for {@link ChatStream.textStream}.
 * Leaving the loop early stops the model.
 */
export interface ChatStream extends AsyncIterable<ChatStreamEvent> {
  /** Only the pieces of the answer's text. Iterate this or the stream itself, not both. */
  textStream(): AsyncIterable<string>
  /** The whole result, once the stream has been read to its end; reads the rest if nobody does. */
  result(): Promise<ChatResult>
}

/** Vectors in the order of the inputs, with the identity of their space. */
export interface EmbedResult extends Provenance {
  readonly vectors: readonly (readonly number[])[]
  readonly space: EmbeddingSpace
}

/** A model card with the provider that has it. */
export interface ListedModel extends ModelCard {
  readonly provider: string
}

/** All models of all providers that could be asked. */
export interface ModelListing {
  readonly models: readonly ListedModel[]
  /** Providers that could not be asked, and why. */
  readonly failures: readonly { readonly provider: string; readonly error: OpenMuxError }[]
}

/** A provider as it stands right now. */
export interface ProviderReport {
  readonly id: string
  readonly name: string
  readonly locality: Locality
  readonly tasks: readonly Task[]
  readonly lifecycle: Lifecycle
  /** Whether it takes part: not `disabled`, or forced on. */
  readonly enabled: boolean
  readonly readiness: Readiness
}
