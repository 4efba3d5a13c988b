import type { ChatEvent } from '../contract/chat-event.js'
import type { FinishReason } from '../contract/finish-reason.js'
import type { ToolCall } from '../contract/message.js'
import type { Usage } from '../contract/usage.js'
import type { Warning } from '../contract/warning.js'
import type { PartialAnswer } from '../errors/partial-answer.js'
import { plausibleUsage } from './estimate-usage.js'

/** Puts an answer together from its events. */
export class AnswerBuilder {
  text = ''
  reasoning = ''
  model: string | undefined
  finishReason: FinishReason | undefined
  rawFinishReason: string | undefined
  usage: Usage | undefined
  warnings: readonly Warning[] = []
  readonly #calls = new Map<string, { name: string; arguments: string }>()

  add(event: ChatEvent): void {
    switch (event.type) {
      case 'text':
        this.text += event.text
        return
      case 'reasoning':
        this.reasoning += event.text
        return
      case 'tool-call': {
        const call = this.#calls.get(event.id) ?? { name: '', arguments: '' }
        call.name ||= event.name ?? ''
        call.arguments += event.argumentsText
        this.#calls.set(event.id, call)
        return
      }
      case 'start':
        this.model = event.model
        this.warnings = event.warnings
        return
      case 'finish':
        this.finishReason = event.reason
        this.rawFinishReason = event.rawReason
        this.usage = plausibleUsage(event.usage)
        return
    }
  }

  get toolCalls(): readonly ToolCall[] {
    return [...this.#calls].map(([id, call]) => ({ id, ...call }))
  }

  get partial(): PartialAnswer {
    return { text: this.text, reasoning: this.reasoning, toolCalls: this.toolCalls }
  }

  /** Whether anything of an answer has come. */
  get begun(): boolean {
    return this.text !== '' || this.reasoning !== '' || this.#calls.size > 0
  }
}
