import { OpenMuxError } from '../errors/openmux-error.js'

/** Where the result of a stream goes once it is known. */
export type Settle<Result> = Pick<PromiseWithResolvers<Result>, 'resolve' | 'reject'>

/** While the generator of a stream stands at a `yield` in its quiet middle: how to take what has arrived past it. */
export interface Arrived<Event> {
  /** The next event; undefined when the generator has to go on. What it throws is for the generator. */
  take: (() => Event | undefined) | undefined
}

/** A stream of events that can be read once, as events, as text, or to its result. */
export interface StreamOnce<Event, Result> extends AsyncIterable<Event> {
  textStream(): AsyncIterable<string>
  result(): Promise<Result>
}

/** Gives the events of an answer the three faces of a stream. `start` settles the result. */
export function streamOnce<Event extends { readonly type: string; readonly text?: string }, Result>(
  start: (settle: Settle<Result>, arrived: Arrived<Event>) => AsyncGenerator<Event, void>,
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
    const arrived: Arrived<Event> = { take: undefined }
    return new StreamEvents(start(results, arrived), arrived)
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

/** A generator whose steps cost a promise where they need one; `yield` takes three turns of the queue for every token. */
class StreamEvents<Event> implements AsyncGenerator<Event, void> {
  readonly #generator: AsyncGenerator<Event, void>
  readonly #arrived: Arrived<Event>

  constructor(generator: AsyncGenerator<Event, void>, arrived: Arrived<Event>) {
    this.#generator = generator
    this.#arrived = arrived
  }

  next(): Promise<IteratorResult<Event, void>> {
    try {
      const value = this.#arrived.take?.()
      return value === undefined ? this.#generator.next() : Promise.resolve({ done: false, value })
    } catch (thrown) {
      return this.throw(thrown)
    }
  }

  return(): Promise<IteratorResult<Event, void>> {
    return this.#generator.return()
  }

  throw(thrown: unknown): Promise<IteratorResult<Event, void>> {
    return this.#generator.throw(thrown)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}
