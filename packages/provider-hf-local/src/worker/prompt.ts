import type { Warning } from '@openmux/core'
import { WorkerProblem, words } from './failure.js'
import type { GenerateOrder, TemplateMessage } from './protocol.js'
import type { RuntimeTokenizer } from './runtime.js'

/** The whole text a model is to continue. */
export interface Prompt {
  readonly text: string
  readonly warnings: readonly Warning[]
  /** Stop texts the form of the prompt itself asks for. */
  readonly stop: readonly string[]
}

const ROLE_NAMES = { system: 'System', user: 'User', assistant: 'Assistant' } as const

/**
 * Writes a conversation in the model's own form. A last message of the assistant is continued: its
 * text stands after the generation prompt, and no end mark follows it.
 */
export function writePrompt(tokenizer: RuntimeTokenizer, order: GenerateOrder): Prompt {
  const last = order.messages.at(-1)
  const prefill = last?.role === 'assistant' ? last.content : ''
  const messages = last?.role === 'assistant' ? order.messages.slice(0, -1) : order.messages
  if (!hasChatTemplate(tokenizer)) return plainPrompt(messages, prefill)
  const render = (shown: readonly TemplateMessage[]): string =>
    tokenizer.apply_chat_template(shown, {
      tokenize: false,
      add_generation_prompt: true,
      ...order.templateOptions,
    })
  try {
    return { text: render(messages) + prefill, warnings: [], stop: [] }
  } catch (error) {
    const merged = withoutSystem(messages)
    if (merged !== undefined) {
      try {
        const message =
          'The template of this model knows no system message; its text was put before the first question.'
        return { text: render(merged) + prefill, warnings: [{ kind: 'notice', message }], stop: [] }
      } catch {
        // The first refusal is the one to report.
      }
    }
    throw new WorkerProblem({ kind: 'template', message: words(error) })
  }
}

/** Whether the model brings a chat template, be it one text or several by name. */
export function hasChatTemplate(tokenizer: RuntimeTokenizer): boolean {
  const template = tokenizer.chat_template
  return typeof template === 'string' ? template !== '' : typeof template === 'object' && template !== null
}

/** Base models have no template: the plainest dialogue there is, which they tend to continue. */
function plainPrompt(messages: readonly TemplateMessage[], prefill: string): Prompt {
  const lines = messages.map((message) => `${ROLE_NAMES[message.role]}: ${message.content}\n`)
  const message = 'This model has no chat template (a base model?); a plain dialogue was written instead.'
  const opening = prefill === '' ? 'Assistant:' : `Assistant: ${prefill}`
  return {
    text: lines.join('') + opening,
    warnings: [{ kind: 'notice', message }],
    stop: ['\nUser:', '\nSystem:'],
  }
}

function withoutSystem(messages: readonly TemplateMessage[]): TemplateMessage[] | undefined {
  const system = messages.filter((message) => message.role === 'system').map((message) => message.content)
  const others = messages.filter((message) => message.role !== 'system')
  const first = others.findIndex((message) => message.role === 'user')
  const user = others[first]
  if (system.length === 0 || user === undefined) return undefined
  const merged: TemplateMessage = { role: 'user', content: [...system, user.content].join('\n\n') }
  return others.map((message, place) => (place === first ? merged : message))
}
