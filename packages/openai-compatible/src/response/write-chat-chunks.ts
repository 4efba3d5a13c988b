import type { ChatEvent, Usage } from '@openmux/core'
import type { WireFinishReason } from '../wire/chat-answer.js'
import type { WireChatChunk, WireDelta, WireToolCallDelta } from '../wire/chat-chunk.js'
import { writeFinishReason } from './finish-reason.js'
import { writeUsage } from './usage.js'
import type { WrittenAnswerOptions } from './written-answer.js'

/** How to write a stream. */
export interface WrittenStreamOptions extends WrittenAnswerOptions {
  /** Whether the client asked for usage: a last chunk then carries it. */
  readonly includeUsage?: boolean
}

/** An event, also one of a kind this package does not know, which is left out (`resumed`). */
export type WritableEvent = ChatEvent | { readonly type: 'resumed' }

/**
 * Turns events into chunks: equal id, time and model in all of them, the role in the first, id and name of a call
 * only in its first piece, one finish reason, and the usage in a chunk without choices when asked for. The `openai`
 * client's stream helper insists on each of these.
 */
export class ChatChunkWriter {
  readonly #options: WrittenStreamOptions
  readonly #indexes = new Map<string, number>()
  #model: string
  #begun = false

  constructor(options: WrittenStreamOptions) {
    this.#options = options
    this.#model = options.model ?? ''
  }

  /** The chunks for one event, in order; none for an event clients have no word for. */
  write(event: WritableEvent): readonly WireChatChunk[] {
    switch (event.type) {
      case 'start':
        if (this.#options.model === undefined) this.#model = event.model
        return this.#delta({})
      case 'text':
        return this.#delta({ content: event.text })
      case 'reasoning':
        return this.#delta({ reasoning_content: event.text })
      case 'tool-call':
        return this.#delta({ tool_calls: [this.#callDelta(event)] })
      case 'finish':
        return [...this.#delta({}, writeFinishReason(event)), ...this.#usageChunk(event.usage)]
      case 'resumed':
        return []
    }
  }

  #callDelta({ id, name, argumentsText }: Extract<ChatEvent, { type: 'tool-call' }>): WireToolCallDelta {
    const known = this.#indexes.get(id)
    if (known !== undefined) return { index: known, function: { arguments: argumentsText } }
    const index = this.#indexes.size
    this.#indexes.set(id, index)
    return { index, id, type: 'function', function: { name: name ?? '', arguments: argumentsText } }
  }

  #delta(delta: WireDelta, finish: WireFinishReason | null = null): readonly WireChatChunk[] {
    const first: WireDelta = this.#begun ? {} : { role: 'assistant', content: '' }
    this.#begun = true
    const choice = { index: 0, delta: { ...first, ...delta }, logprobs: null, finish_reason: finish } as const
    const usage = this.#options.includeUsage === true ? { usage: null } : {}
    return [{ ...this.#frame(), choices: [choice], ...usage }]
  }

  #usageChunk(usage: Usage | undefined): readonly WireChatChunk[] {
    if (this.#options.includeUsage !== true) return []
    return [{ ...this.#frame(), choices: [], usage: writeUsage(usage) }]
  }

  #frame(): Omit<WireChatChunk, 'choices'> {
    const { id, now } = this.#options
    return { id, object: 'chat.completion.chunk', created: Math.floor(now / 1000), model: this.#model }
  }
}
