import type { Message } from '../contract/message.js'
import { checkOneOf, isFields, wrong } from './input-faults.js'

const ROLES = ['system', 'user', 'assistant', 'tool']

/** Throws `bad-request` naming the field of a message that is wrong. */
export function checkMessage(message: Message, field: string): void {
  const value: unknown = message
  if (!isFields(value)) throw wrong({ field, expected: 'a message', got: value })
  if (value['role'] === undefined)
    throw wrong({ field: `${field}.role`, expected: `one of ${ROLES.join(', ')}`, got: undefined })
  checkOneOf(`${field}.role`, value['role'], ROLES)
  checkContent(value['content'], message.role === 'user', `${field}.content`)
  if (message.role === 'tool' && !message.toolCallId) {
    throw wrong({
      field: `${field}.toolCallId`,
      expected: 'the id of the call it answers',
      got: message.toolCallId,
    })
  }
}

function checkContent(content: unknown, mayHaveParts: boolean, field: string): void {
  if (typeof content === 'string') return
  if (!mayHaveParts || !Array.isArray(content) || content.length === 0) {
    const expected = mayHaveParts ? 'a text or a non-empty array of parts' : 'a text'
    throw wrong({ field, expected, got: content })
  }
  const parts: readonly unknown[] = content
  for (const [index, part] of parts.entries()) {
    const isText = isFields(part) && part['type'] === 'text' && typeof part['text'] === 'string'
    const isImage =
      isFields(part) &&
      part['type'] === 'image' &&
      (typeof part['url'] === 'string' ||
        (typeof part['base64'] === 'string' && typeof part['mediaType'] === 'string'))
    if (!isText && !isImage) {
      const expected =
        '{ type: "text", text } or { type: "image", url } or { type: "image", base64, mediaType }'
      throw wrong({ field: `${field}[${index}]`, expected, got: part })
    }
  }
}
