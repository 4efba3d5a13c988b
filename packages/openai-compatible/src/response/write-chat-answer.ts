import type { ToolCall } from '@openmux/core'
import type { WireChatAnswer } from '../wire/chat-answer.js'
import { writeFinishReason } from './finish-reason.js'
import { writeUsage } from './usage.js'
import type { WritableEvent } from './write-chat-chunks.js'
import type { WrittenAnswerOptions } from './written-answer.js'

/** The events of a whole answer as the body of a plain (not streamed) answer. */
export function writeChatAnswer(
  events: Iterable<WritableEvent>,
  options: WrittenAnswerOptions,
): WireChatAnswer {
  const calls = new Map<string, { name: string; arguments: string }>()
  let [text, reasoning, model] = ['', '', '']
  let finish: Extract<WritableEvent, { type: 'finish' }> = { type: 'finish', reason: 'stop' }
  for (const event of events) {
    switch (event.type) {
      case 'start':
        model = event.model
        break
      case 'text':
        text += event.text
        break
      case 'reasoning':
        reasoning += event.text
        break
      case 'tool-call': {
        const call = calls.get(event.id) ?? { name: '', arguments: '' }
        calls.set(event.id, {
          name: call.name || (event.name ?? ''),
          arguments: call.arguments + event.argumentsText,
        })
        break
      }
      case 'finish':
        finish = event
        break
      case 'resumed':
        break
    }
  }
  const toolCalls = [...calls].map(([id, call]): ToolCall => ({ id, ...call }))
  return {
    id: options.id,
    object: 'chat.completion',
    created: Math.floor(options.now / 1000),
    model: options.model ?? model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && toolCalls.length > 0 ? null : text,
          refusal: null,
          ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
          ...(toolCalls.length === 0
            ? {}
            : { tool_calls: toolCalls.map(({ id, ...made }) => ({ id, type: 'function', function: made })) }),
        },
        logprobs: null,
        finish_reason: writeFinishReason(finish),
      },
    ],
    usage: writeUsage(finish.usage),
    system_fingerprint: null,
  }
}
