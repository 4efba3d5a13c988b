import { OpenMuxError } from '../errors/openmux-error.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import type { ChatResult } from '../orchestrator/results.js'
import type { OnBreak } from '../run/rescue.js'
import type { CombinedResult, RunningPanel } from './combine.js'
import type { CombineCandidate } from './combine-options.js'
import type { CombineStreamEvent } from './combine-stream.js'

/** What a text that was put together is said to be by. */
const TOGETHER = { provider: 'several', model: 'merge' }

/** The pieces of a summary as its writer writes them. */
export class LiveSummary {
  readonly #push: (event: CombineStreamEvent) => void
  readonly #onBreak: OnBreak
  #text = ''
  #reasoning = ''

  constructor(push: (event: CombineStreamEvent) => void, onBreak: OnBreak = 'continue') {
    this.#push = push
    this.#onBreak = onBreak
  }

  /** Calls the writer, as `PanelCalls` wants it. */
  readonly write = async (
    { openmux }: RunningPanel,
    input: ChatInput,
    _writer: CombineCandidate,
  ): Promise<ChatResult> => {
    const stream = openmux.stream(input)
    for await (const event of stream) {
      if (event.type !== 'text' && event.type !== 'reasoning') continue
      if (event.type === 'text') this.#text += event.text
      else this.#reasoning += event.text
      this.#push(event)
    }
    return stream.result()
  }

  /**
   * Whether the text of the result was passed on already. A writer that broke off after its first piece left a text
   * that is not the result: never glued, it is discarded where the caller allows that. Errors: `truncated` elsewhere.
   */
  settle({ used, text, judge }: CombinedResult): boolean {
    if (used === 'summary') return true
    if (this.#text.trim() === '') return false
    const { code = 'truncated', reason = 'It broke off.' } = judge ?? {}
    if (this.#onBreak === 'restart') {
      this.#push({ type: 'resumed', ...TOGETHER, by: 'restart', discard: true, code })
      return false
    }
    throw new OpenMuxError({
      code: 'truncated',
      next: 'nowhere',
      message: `The summary broke off: ${reason}`,
      hint: 'What came is on the error (partial.text), the answers put together beside it (partial.other). With onBreak: "restart" they are streamed.',
      partial: {
        text: this.#text,
        reasoning: this.#reasoning,
        toolCalls: [],
        other: { ...TOGETHER, text, whole: true },
      },
    })
  }
}
