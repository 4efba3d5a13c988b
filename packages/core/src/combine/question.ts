import type { Message } from '../contract/message.js'

/** Characters of the conversation shown to a judge or summariser; of longer ones the end is kept. */
const MOST_CHARACTERS = 12_000

/** A conversation as text, for somebody who reads it and does not take part in it. */
export function questionText(messages: readonly Message[]): string {
  const turns = messages.map((message) => `${message.role}: ${contentText(message)}`)
  const text = turns.join('\n\n')
  return text.length <= MOST_CHARACTERS ? text : `…${text.slice(-MOST_CHARACTERS)}`
}

/** `text` between marks that do not occur in it, so that what stands inside cannot end it. */
export function quoted(name: string, text: string): string {
  let mark = name
  while (text.includes(`</${mark}>`)) mark = `${mark}-x`
  return `<${mark}>\n${text}\n</${mark}>`
}

function contentText({ content }: Message): string {
  if (typeof content === 'string') return content
  return content.map((part) => (part.type === 'text' ? part.text : '[image]')).join('\n')
}
