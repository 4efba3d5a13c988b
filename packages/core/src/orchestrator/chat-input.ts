import type { Attempt } from '../contract/attempt.js'
import type { GenerationOptions } from '../contract/chat-request.js'
import type { Message } from '../contract/message.js'
import type { Progress } from '../contract/progress.js'
import type { Task } from '../contract/task.js'
import type { PolicyName, PolicyOptions } from '../plan/policies.js'
import type { HistoryPolicy } from '../plan/shorten-history.js'
import type { OnBreak } from '../run/rescue.js'
import type { Timeouts } from '../contract/timeouts.js'

/** Who should answer, and within which bounds. Part of every request. */
export interface RoutingOptions {
  /** Only this provider, by any spelling of its id, name or alias. */
  readonly provider?: string
  /** Only this model, by any spelling; `provider/model` pins both. */
  readonly model?: string
  /** Providers or models to try first, in this order. The others follow in theirs. */
  readonly prefer?: readonly string[]
  /** Only providers whose prompts stay on this machine. A floor: no fallback crosses it. */
  readonly localOnly?: boolean
  /** Only models that are known to cost nothing. A floor. */
  readonly zeroCost?: boolean
  /** Only models whose window has at least so many tokens, as far as it is known. A floor. */
  readonly minContextTokens?: number
  /** Languages the model must speak, as tags (`de`, `pt-BR`), where models tell theirs. A floor. Default: what the script of the last message tells. */
  readonly languages?: readonly string[]
  /**
   * Whether a model that declares itself a last resort may answer when nobody else can. `false` keeps all of them out
   * but one that is named by `model`. Default true.
   */
  readonly lastResort?: boolean
  /** How candidates are put in order: a preset, or weights of your own. Default `ordered`: as the providers are listed. */
  readonly policy?: PolicyName | PolicyOptions
  /** Most attempts, retries and failovers together. Default 4. A last resort comes on top. */
  readonly maxAttempts?: number
  readonly timeouts?: Partial<Timeouts>
  /** Never wait for a candidate while another one is ready. Default false: short waits stay with the favourite. */
  readonly impatient?: boolean
  /** Ends the request with code `aborted`. */
  readonly signal?: AbortSignal
  /** Told about downloads, loads and queues. */
  readonly onProgress?: (progress: Progress) => void
  /** Told about every failed attempt as it fails, before anything else is tried. */
  readonly onFailedAttempt?: (attempt: Attempt) => void
}

/** A chat request. Give `prompt` or `messages`, not both. */
export interface ChatInput extends GenerationOptions, RoutingOptions {
  /** One user message. */
  readonly prompt?: string
  /** Put in front of the conversation as a system message. */
  readonly system?: string
  readonly messages?: readonly Message[]
  /** What becomes of a stream that breaks off in the middle. Default `continue`. */
  readonly onBreak?: OnBreak
  /** Whether a late favourite may be raced against a local or unmetered candidate. Default true. */
  readonly hedge?: boolean
  /** What becomes of a conversation that is longer than a candidate's window. Default `refuse`. */
  readonly history?: HistoryPolicy
  /** What becomes of an answer by another model than the one asked for. Default `warn`. */
  readonly onOtherModel?: 'warn' | 'refuse'
  /** End an answer that repeats itself over and over with `model-fault`. Default false. */
  readonly stopLoops?: boolean
  /** Default: what the classifier says, else `chat`. */
  readonly task?: Exclude<Task, 'embeddings'>
}
