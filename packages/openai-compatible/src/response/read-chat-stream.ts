import {
  type ArrivingIterator,
  type ChatEvent,
  type Clock,
  isOpenMuxError,
  type OpenMuxError,
} from '@openmux/core'
import { type Arriving, arriving, objectOf, type ServerSentEvent } from '@openmux/http'
import { type AnswerOrigin, brokenEnd, namelessCall, notOfTheFormat, withoutFinish } from './broken-answer.js'
import { ChunkReader, type ChunkReaderOptions } from './chunk-reader.js'
import { errorIn } from './in-band-error.js'
import { within } from './next-within.js'

/** What a streamed answer is read from. */
export interface ChatStreamSource extends Omit<ChunkReaderOptions, 'model'> {
  /** Comments are left out already. */
  readonly events: AsyncIterable<ServerSentEvent>
  /** As the caller named it. */
  readonly origin: AnswerOrigin
  /** The typed error for an error found inside the stream. */
  readonly failure: (found: unknown) => OpenMuxError
  readonly clock: Clock
  /** How long to wait for the usage after the finish reason, ms. 0: it is not waited for. */
  readonly usageWaitMs: number
}

/** How long a complete answer may keep the connection before it is dropped instead of used again, ms. */
const CLOSING_MS = 20

/**
 * The events of a stream of chunks. A finish reason makes the answer whole: `[DONE]` is not needed, and a connection
 * that breaks after it is no failure. Without one the answer is `truncated`, with or without `[DONE]`. An error in
 * a chunk, in a choice or as an event of its own is thrown after the pieces before it.
 */
export function readChatStream(source: ChatStreamSource): Arriving<ChatEvent> {
  return arriving(readChatBatches(source))
}

/** The same, with what arrived together in one batch. */
export async function* readChatBatches(
  source: ChatStreamSource,
): AsyncGenerator<readonly ChatEvent[], void, undefined> {
  const { origin } = source
  const reader = new ChunkReader({ ...source, model: origin.model })
  const iterator: ArrivingIterator<ServerSentEvent> = source.events[Symbol.asyncIterator]()
  const patience = new Patience(source)
  let batch: ChatEvent[] = []
  try {
    for (;;) {
      let event = iterator.nextArrived?.()
      if (event === undefined) {
        if (batch.length > 0) yield batch
        batch = []
        const next = reader.finished ? await patience.next(iterator) : await iterator.next()
        if (next === undefined || next.done === true) break
        event = next.value
      }
      const { data } = event
      const chunk = parseJson(data)
      if (chunk === undefined) {
        const word = data.trim()
        if (word === '') continue
        if (word === '[DONE]' && reader.finished) {
          patience.nothingMoreExpected()
          continue
        }
        if (word === '[DONE]' || reader.finished) break
        if (batch.length > 0) yield batch
        batch = []
        // Half a chunk at the very end is a cut; in the middle it is something else than this format.
        if (await isLast(iterator)) break
        throw notOfTheFormat(origin, 'a chunk that is not JSON')
      }
      const found = errorIn(chunk) ?? (event.event === 'error' ? { error: chunk } : undefined)
      const object = objectOf(chunk)
      // An error may stand beside a last piece of text, so the choices are read first.
      const hasChoices = object !== undefined && 'choices' in object
      if (found !== undefined && !hasChoices) throw source.failure(found)
      if (object === undefined) throw notOfTheFormat(origin, 'a chunk that is no object')
      const read = reader.read(object)
      batch.push(...read.events)
      const error = found ?? read.error
      if (error !== undefined) throw source.failure(error)
      if (read.brokenEnd !== undefined) throw brokenEnd(origin, read.brokenEnd)
      if (reader.complete) patience.nothingMoreExpected()
    }
    if (!reader.finished) throw withoutFinish(origin, reader.started)
    const end = reader.end()
    if (end === undefined) throw namelessCall(origin)
    batch.push(...end)
  } catch (thrown) {
    if (batch.length > 0) yield batch
    throw thrown
  }
  if (batch.length > 0) yield batch
}

/** The bound on waiting after the finish reason. */
class Patience {
  readonly #clock: Clock
  #until: number | undefined
  readonly #usageWaitMs: number

  constructor({ clock, usageWaitMs }: ChatStreamSource) {
    this.#clock = clock
    this.#usageWaitMs = usageWaitMs
  }

  /** Only the end of the body is still awaited, so that its connection can be used again. */
  nothingMoreExpected(): void {
    this.#until = Math.min(this.#until ?? Infinity, this.#clock.now() + CLOSING_MS)
  }

  /** The next event; undefined when it does not come in time or the connection breaks, which no longer matters. */
  async next(iterator: AsyncIterator<ServerSentEvent>): Promise<IteratorResult<ServerSentEvent> | undefined> {
    const now = this.#clock.now()
    this.#until ??= now + this.#usageWaitMs
    try {
      return await within(iterator.next(), Math.max(0, this.#until - now), this.#clock)
    } catch (error) {
      if (isOpenMuxError(error) && error.code === 'aborted') throw error
      return undefined
    }
  }
}

async function isLast(iterator: AsyncIterator<ServerSentEvent>): Promise<boolean> {
  return (await iterator.next()).done === true
}

function parseJson(text: string): unknown {
  // Without a try: every answer ends with it.
  if (text === '[DONE]') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
