import { OpenMuxError } from '../errors/openmux-error.js'
import type { ChatResult, ChatStream, ChatStreamEvent } from './results.js'

/** Where an answer's result goes once it is known. */
export type Outcome = Pick<PromiseWithResolvers<ChatResult>, 'resolve' | 'reject'>

/** Gives the events of an answer the three faces of a {@link ChatStream}. `start` settles the outcome. */
export function chatStream(start: (outcome: Outcome) => AsyncGenerator<ChatStreamEvent, void>): ChatStream {
  const results = Promise.withResolvers<ChatResult>()
  // Who only reads events never asks for the result; its failure is theirs already.
  results.promise.catch(() => undefined)
  let taken = false

  const events = (): AsyncGenerator<ChatStreamEvent, void> => {
    if (taken) {
      throw new OpenMuxError({
        code: 'bad-request',
        message: 'A stream can be read once.',
        hint: 'Use result() for the whole answer afterwards.',
      })
    }
    taken = true
    return start(results)
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
