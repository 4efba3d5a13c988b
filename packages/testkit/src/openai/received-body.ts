import { listOf, objectOf, type Received } from '../server/received-json.js'

/** The words of the last user message: its text, or its text parts joined. */
export function lastUserText(body: Received): string {
  const message = listOf(body['messages'])
    .map(objectOf)
    .findLast(({ role }) => role === 'user')
  const content = message?.['content']
  if (typeof content === 'string') return content
  const texts = listOf(content).map((part) => objectOf(part)['text'])
  return texts.filter((text) => typeof text === 'string').join('')
}

/** Roughly what a tokenizer would count: the words of all messages. */
export function promptTokens(body: Received): number {
  const words = listOf(body['messages']).flatMap((message) => {
    const { content } = objectOf(message)
    const texts =
      typeof content === 'string' ? [content] : listOf(content).map((part) => objectOf(part)['text'])
    return texts.flatMap((text) => (typeof text === 'string' ? text.split(/\s+/).filter(Boolean) : []))
  })
  return Math.max(1, words.length)
}
