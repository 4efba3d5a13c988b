import type { Message } from '../contract/message.js'

/** Characters looked at from the beginning of a text: what is asked for usually stands there. */
const HEAD = 1_200
/** … and from its end: after a pasted document the question comes last. */
const TAIL = 600

/** A text of any length as at most 1,801 characters, so that classifying costs the same for a book. */
export function glance(text: string): string {
  return text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}`
}

/** The text of the last user message; empty when there is none. */
export function lastUserText(messages: readonly Message[]): string {
  const last = messages.findLast((message) => message.role === 'user')
  if (last === undefined || last.role !== 'user') return ''
  if (typeof last.content === 'string') return glance(last.content)
  const texts = last.content.flatMap((part) => (part.type === 'text' ? [glance(part.text)] : []))
  return glance(texts.join('\n'))
}

/** The text of the last assistant message: what a follow-up is about. */
export function lastAnswerText(messages: readonly Message[]): string {
  const last = messages.findLast((message) => message.role === 'assistant')
  return last?.role === 'assistant' ? glance(last.content) : ''
}
