import { OpenMuxError } from '../errors/openmux-error.js'
import type { ChatResult, ChatStream, ChatStreamEvent } from './results.js'

/** Gives the events of an answer the three faces of a {@link ChatStream}. */
export function chatStream(start: () => AsyncGenerator<ChatStreamEvent, ChatResult>): ChatStream {
  const results = Promise.withResolvers<ChatResult>()
  // Who only reads events never asks for the result; its failure is theirs already.
  results.promise.catch(() => undefined)
  let taken = false

  async function* events(): AsyncGenerator<ChatStreamEvent, void> {
    if (taken) {
      throw new OpenMuxError({
        code: 'bad-request',
        message: 'A stream can be read once.',
        hint: 'Use result() for the whole answer afterwards.',
      })
    }
    taken = true
    let ended = false
    try {
      const result = yield* start()
      ended = true
      results.resolve(result)
    } catch (error) {
      ended = true
      results.reject(error)
      throw error
    } finally {
      if (!ended)
        results.reject(new OpenMuxError({ code: 'aborted', message: 'The stream was left before its end.' }))
    }
  }

  return {
    [Symbol.asyncIterator]: events,
    async *textStream() {
      for await (const event of events()) if (event.type === 'text') yield event.text
    },
    async result() {
      if (!taken) for await (const _event of events());
      return results.promise
    },
  }
}
