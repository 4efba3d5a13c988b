import { toWireError } from './write-error.js'
import { ChatChunkWriter, type WritableEvent, type WrittenStreamOptions } from './write-chat-chunks.js'

/** The last event of a whole stream. */
export const DONE_FRAME = 'data: [DONE]\n\n'

/** One event of a `text/event-stream` with JSON in it. */
export function dataFrame(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

/** A comment: keeps a connection alive without meaning anything. Clients skip it. */
export function commentFrame(words: string): string {
  return `: ${words.replace(/[\r\n]+/g, ' ')}\n\n`
}

/**
 * The body of a streamed answer, ready to be sent as `text/event-stream`, event by event. What the events throw
 * becomes a last event `{"error":…}` without `[DONE]`, which clients take for a failure and not for an end.
 */
export async function* writeChatStream(
  events: AsyncIterable<WritableEvent>,
  options: WrittenStreamOptions,
): AsyncGenerator<string, void, undefined> {
  const writer = new ChatChunkWriter(options)
  try {
    for await (const event of events) {
      // One event may be several chunks; they go out together.
      const frames = writer.write(event).map(dataFrame).join('')
      if (frames !== '') yield frames
    }
  } catch (error) {
    yield dataFrame(toWireError(error))
    return
  }
  yield DONE_FRAME
}
