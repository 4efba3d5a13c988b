import { type ChatEvent, type Clock, isOpenMuxError, type OpenMuxError } from '@openmux/core'
import type { ServerSentEvent } from '@openmux/http'
import { objectOf } from '../wire/json.js'
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
export async function* readChatStream(source: ChatStreamSource): AsyncGenerator<ChatEvent, void, undefined> {
  const { origin } = source
  const reader = new ChunkReader({ ...source, model: origin.model })
  const iterator = source.events[Symbol.asyncIterator]()
  const patience = new Patience(source)
  for (;;) {
    const next = reader.finished ? await patience.next(iterator) : await iterator.next()
    if (next === undefined || next.done === true) break
    const { event, data } = next.value
    if (data.trim() === '[DONE]') {
      if (!reader.finished) break
      patience.nothingMoreExpected()
      continue
    }
    if (data.trim() === '') continue
    const chunk = parseJson(data)
    if (chunk === undefined) {
      // Half a chunk at the very end is a cut; in the middle it is something else than this format.
      if (reader.finished || (await isLast(iterator))) break
      throw notOfTheFormat(origin, 'a chunk that is not JSON')
    }
    const found = errorIn(chunk) ?? (event === 'error' ? { error: chunk } : undefined)
    const object = objectOf(chunk)
    // An error may stand beside a last piece of text, so the choices are read first.
    const hasChoices = object !== undefined && 'choices' in object
    if (found !== undefined && !hasChoices) throw source.failure(found)
    if (object === undefined) throw notOfTheFormat(origin, 'a chunk that is no object')
    const read = reader.read(object)
    yield* read.events
    const error = found ?? read.error
    if (error !== undefined) throw source.failure(error)
    if (read.brokenEnd !== undefined) throw brokenEnd(origin, read.brokenEnd)
    if (reader.complete) patience.nothingMoreExpected()
  }
  if (!reader.finished) throw withoutFinish(origin, reader.started)
  const end = reader.end()
  if (end === undefined) throw namelessCall(origin)
  yield* end
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
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
