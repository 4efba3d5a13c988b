/** What a program without any library does: the least code that gets the words out of an answer. */

/** The text in one line of a streamed answer. */
export type ReadLine = (line: string) => string

/** A line of Ollama's own format. */
export const lines: ReadLine = (line) =>
  (JSON.parse(line) as { message: { content: string } }).message.content

/** A line of the OpenAI format. */
export const events: ReadLine = (line) => {
  if (!line.startsWith('data: ') || line === 'data: [DONE]') return ''
  const { choices } = JSON.parse(line.slice(6)) as { choices: { delta: { content?: string } }[] }
  return choices[0]?.delta.content ?? ''
}

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** The whole text of a streamed answer; `onText` is told of the first of it. */
export async function words(bytes: Bytes, read: ReadLine, onText?: () => void): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let rest = ''
  for await (const chunk of bytes) {
    const whole = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) {
      const piece = read(line)
      if (text === '' && piece !== '') onText?.()
      text += piece
    }
  }
  return text
}

/** Milliseconds until the first text; the answer is read to its end all the same. */
export async function firstText(ask: () => Promise<Bytes>, read: ReadLine): Promise<number> {
  const start = performance.now()
  let firstMs = 0
  await words(await ask(), read, () => {
    firstMs = performance.now() - start
  })
  return firstMs
}

/** Reads everything and keeps nothing. */
export async function drain(chunks: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
  for await (const _chunk of chunks);
}
