import type { ReasoningEvent, TextEvent, ToolCallEvent } from '../contract/chat-event.js'
import { attach } from '../errors/attach.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import type { ResumedEvent } from '../orchestrator/results.js'
import { type Settle, streamOnce } from '../orchestrator/stream-once.js'
import { type CombinedResult, type MemberEvent, runPanel } from './combine.js'
import type { CombineChatOptions, CombiningMux } from './combine-request.js'
import { EventQueue } from './event-queue.js'
import { LiveFirst } from './live-first.js'
import { LiveSummary } from './live-summary.js'

/** The last event: the whole result. */
export interface CombineFinish {
  readonly type: 'finish'
  readonly result: CombinedResult
}

/**
 * What a combined stream yields: `member` events as members are asked, answer and fail, the pieces of the one answer,
 * and `finish`. A `resumed` event with `discard` says that all text before it is to be forgotten.
 */
export type CombineStreamEvent =
  | MemberEvent
  | TextEvent
  | ReasoningEvent
  | ToolCallEvent
  | Omit<ResumedEvent, 'warnings'>
  | CombineFinish

/** A combined answer while it comes. Iterate it once; leaving the loop early stops every member. */
export interface CombineStream extends AsyncIterable<CombineStreamEvent> {
  /** Only the pieces of the answer's text. Iterate this or the stream itself, not both. */
  textStream(): AsyncIterable<string>
  /** The whole result, once the stream was read to its end; reads the rest if nobody does. */
  result(): Promise<CombinedResult>
}

/**
 * {@link combine} as a stream. The pieces come live where that can be: with `first` from the member whose content
 * comes first (should it break off, another one goes on as in every stream), with `summary` from the model that writes.
 * With `merge`, `vote` and `best` the text comes once it is decided. Nothing is asked before it is iterated.
 *
 * Errors: those of `combine`, and `truncated` with both texts where an answer broke off and nobody went on in the same
 * words; with `onBreak: 'restart'` the other text follows behind a `resumed` event with `discard`.
 */
export function combineStream(
  openmux: CombiningMux,
  input: string | ChatInput,
  options: CombineChatOptions,
): CombineStream {
  const chat = typeof input === 'string' ? { prompt: input } : input
  return streamOnce((outcome) => combinedEvents(openmux, chat, options, outcome))
}

async function* combinedEvents(
  openmux: CombiningMux,
  input: ChatInput,
  options: CombineChatOptions,
  outcome: Settle<CombinedResult>,
): AsyncGenerator<CombineStreamEvent, void> {
  const left = new AbortController()
  const signal = input.signal === undefined ? left.signal : AbortSignal.any([input.signal, left.signal])
  const queue = new EventQueue<CombineStreamEvent>()
  const first = options.strategy === 'first' ? new LiveFirst(queue.push, left) : undefined
  const summary = options.strategy === 'summary' ? new LiveSummary(queue.push, input.onBreak) : undefined
  const run = async (): Promise<void> => {
    try {
      const result = await runPanel(openmux, { ...input, signal }, options, {
        tell: queue.push,
        ...(first !== undefined && { ask: first.ask }),
        ...(summary !== undefined && { write: summary.write }),
      })
      const delivered = first !== undefined || summary?.settle(result) === true
      if (!delivered) queue.push({ type: 'text', text: result.text })
      outcome.resolve(result)
      queue.push({ type: 'finish', result })
      queue.end()
    } catch (thrown) {
      const error = streamFailure(toOpenMuxError(thrown), first)
      outcome.reject(error)
      queue.fail(error)
    }
  }
  void run()
  try {
    yield* queue.read()
  } finally {
    // Also when the consumer leaves its loop: no member must go on for nobody.
    const error = new OpenMuxError({ code: 'aborted', message: 'The stream was left before its end.' })
    outcome.reject(error)
    left.abort(error)
  }
}

/** Why a break ended the request says more than that it was ended; what the caller has seen stands on it. */
function streamFailure(error: OpenMuxError, first: LiveFirst | undefined): OpenMuxError {
  const { attempts, decision } = error
  return attach(first?.failure ?? error, {
    ...(attempts !== undefined && { attempts }),
    ...(decision !== undefined && { decision }),
    ...(first?.partial !== undefined && { partial: first.partial }),
  })
}
