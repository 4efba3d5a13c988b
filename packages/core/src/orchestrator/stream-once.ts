import { OpenMuxError } from '../errors/openmux-error.js'

/** Where the result of a stream goes once it is known. */
export type Settle<Result> = Pick<PromiseWithResolvers<Result>, 'resolve' | 'reject'>

/** A stream of events that can be read once, as events, as text, or to its result. */
export interface StreamOnce<Event, Result> extends AsyncIterable<Event> {
  textStream(): AsyncIterable<string>
  result(): Promise<Result>
}

/** Gives the events of an answer the three faces of a stream. `start` settles the result. */
export function streamOnce<Event extends { readonly type: string; readonly text?: string }, Result>(
  start: (settle: Settle<Result>) => AsyncGenerator<Event, void>,
): StreamOnce<Event, Result> {
  const results = Promise.withResolvers<Result>()
  // Who only reads events never asks for the result; its failure is theirs already.
  results.promise.catch(() => undefined)
  let taken = false

  const events = (): AsyncGenerator<Event, void> => {
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
      for await (const event of events())
        if (event.type === 'text' && event.text !== undefined) yield event.text
    },
    async result() {
      if (!taken) for await (const _event of events());
      return results.promise
    },
  }
}
