import type { Clock } from '../contract/clock.js'
import type { DecisionRecord } from '../contract/decision.js'
import type { Progress } from '../contract/progress.js'
import type { Provider } from '../contract/provider.js'
import type { Timeouts } from '../contract/timeouts.js'
import type { SpaceStatement } from '../plan/space-statement.js'
import type { Classifier } from '../classify/classification.js'
import type { Forecast } from '../ledger/forecast.js'
import type { LedgerKeeping } from '../ledger/ledger-keeper.js'
import type { OnlineReport } from '../run/connectivity.js'
import type { PolicyName, PolicyOptions } from '../plan/policies.js'
import type { OnBreak } from '../run/rescue.js'
import type { OpenMuxListener } from '../observe/emitter.js'
import type { OpenMuxEventType } from '../observe/event.js'
import type { ChatInput } from './chat-input.js'
import type { EmbedInput } from './embed-input.js'
import type { ChatResult, ChatStream, EmbedResult, ModelListing, ProviderReport } from './results.js'

/** How an orchestrator is set up. Only `providers` is needed. */
export interface OpenMuxOptions {
  /** The back ends, in the order they are tried when a request says nothing. */
  readonly providers: readonly Provider[]
  /** Providers or models to try first, for requests that bring no `prefer` of their own. */
  readonly prefer?: readonly string[]
  /**
   * Providers to use although their package says `disabled`, by id. Their first answer carries a warning that says so.
   * A name that none of `providers` has forces nobody.
   */
  readonly forceEnabled?: readonly string[]
  /** Models that make vectors of one space though their back ends cannot know it: `stateSpaces([…])` of `@openmux/core/embeddings`. Default: only equal identities are one space. */
  readonly spaces?: SpaceStatement
  /** Tells chat from code where a request names no task. Default: the trained classifier of this package, under 0.2 ms. `false`: everything is chat. */
  readonly classifier?: Classifier | false
  /** How long a classifier may take, ms; a later answer counts as "don't know". Default 50. */
  readonly classifierDeadlineMs?: number
  /** For requests that say nothing themselves. Default `ordered`. */
  readonly policy?: PolicyName | PolicyOptions
  /** For requests that say nothing themselves: whether models of last resort may answer. Default true. */
  readonly lastResort?: boolean
  /** For streams that say nothing themselves. Default `continue`. */
  readonly onBreak?: OnBreak
  /** Whether late favourites may be raced against local or unmetered candidates. Default true. */
  readonly hedge?: boolean
  /** For requests that say nothing themselves. Default false. */
  readonly impatient?: boolean
  /** Requests at a time, by provider id; 0 is no limit. Default 2 for local providers, no limit for remote ones. */
  readonly concurrency?: Readonly<Record<string, number>>
  /** Default 4. */
  readonly maxAttempts?: number
  readonly timeouts?: Partial<Timeouts>
  /** Told about downloads, loads and queues of requests that bring no listener of their own. */
  readonly onProgress?: (progress: Progress) => void
  /**
   * Where to keep what was learned of targets, so that it survives a restart: `keepIn(store)` of
   * `@openmux/core/store`, for instance with the `fileStore` of `@openmux/core/node`. Default: nowhere.
   */
  readonly ledger?: LedgerKeeping
  /** Whether there is a network, asked for each request; `false` keeps remote providers out. Default: learned. */
  readonly online?: () => boolean
  /** Default: the real clock. */
  readonly clock?: Clock
  /** Numbers from 0 up to 1, for jitter. Default: `Math.random`. */
  readonly random?: () => number
}

/** How to make a forecast. */
export interface ForecastOptions {
  /** Ask back ends that can say what is left, without generating. Default false: only what is known already. */
  readonly ask?: boolean
  readonly signal?: AbortSignal
}

/**
 * One request to whichever provider can answer it. Every method throws only `OpenMuxError`s.
 * Free it with `close()` or `await using`.
 */
export interface OpenMux {
  /**
   * A whole answer. Errors: `bad-request` (the input), `no-candidate` (nothing could be tried),
   * `all-failed` (several were), `aborted`, `timeout`, or the error of the only candidate.
   */
  chat(input: string | ChatInput): Promise<ChatResult>
  /**
   * An answer while it comes. Failover is invisible until the first piece; a failure after it is
   * thrown with the partial text on the error. Nothing is sent before it is iterated.
   */
  stream(input: string | ChatInput): ChatStream
  /** Vectors for texts. Once a candidate was tried, failover stays inside its embedding space. */
  embed(input: string | readonly string[] | EmbedInput): Promise<EmbedResult>
  /** Every model of every provider. */
  models(options?: { readonly signal?: AbortSignal }): Promise<ModelListing>
  /** Every provider: ready or not, why, what to do. */
  providers(options?: { readonly signal?: AbortSignal }): Promise<readonly ProviderReport[]>
  /** Tells about everything that happens, until the returned function is called. A listener cannot break or delay a request. */
  on<Type extends OpenMuxEventType>(type: Type | readonly Type[], listener: OpenMuxListener<Type>): () => void
  on(listener: OpenMuxListener): () => void
  /** The plan for a request, without running it. */
  explain(input: string | ChatInput | EmbedInput): Promise<DecisionRecord>
  /** Whether this machine can reach others, as far as it is known. Asks nobody. */
  online(): OnlineReport
  /** What is left of allowances, who is left alone for how long, and how healthy targets are. */
  forecast(options?: ForecastOptions): Promise<Forecast>
  /** Ends everything under way with `aborted` and closes the providers. Safe to call twice. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
