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
import { PlainChunks } from './plain-chunk.js'

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

const END: IteratorReturnResult<undefined> = { done: true, value: undefined }

/**
 * The events of a stream of chunks. A finish reason makes the answer whole: `[DONE]` is not needed, and a connection
 * that breaks after it is no failure. Without one the answer is `truncated`, with or without `[DONE]`. An error in
 * a chunk, in a choice or as an event of its own is thrown after the pieces before it.
 */
export function readChatStream(source: ChatStreamSource): Arriving<ChatEvent> {
  return arriving(new ChatStreamBatches(source))
}

/** The same, with what arrived together in one batch, read without waiting. */
export class ChatStreamBatches implements ArrivingIterator<readonly ChatEvent[]> {
  readonly #source: ChatStreamSource
  readonly #reader: ChunkReader
  readonly #events: ArrivingIterator<ServerSentEvent>
  readonly #patience: Patience
  readonly #plain = new PlainChunks()
  /** Read and not given out yet. */
  #batch: ChatEvent[] = []
  /** What came last is no JSON: half a chunk at the very end, or something else than this format. */
  #malformed = false
  /** Thrown once the pieces before it were given out. */
  #fault: { readonly thrown: unknown } | undefined
  #over = false

  constructor(source: ChatStreamSource) {
    this.#source = source
    this.#reader = new ChunkReader({ ...source, model: source.origin.model })
    this.#events = source.events[Symbol.asyncIterator]()
    this.#patience = new Patience(source)
  }

  get ended(): boolean {
    return this.#over && this.#fault === undefined && this.#batch.length === 0
  }

  nextArrived(): readonly ChatEvent[] | undefined {
    try {
      this.#readArrived()
    } catch (thrown) {
      this.#fail(thrown)
    }
    const batch = this.#batch
    if (batch.length > 0) {
      this.#batch = []
      return batch
    }
    if (this.#fault === undefined) return undefined
    const { thrown } = this.#fault
    this.#fault = undefined
    throw thrown
  }

  async next(): Promise<IteratorResult<readonly ChatEvent[], void>> {
    for (;;) {
      const arrived = this.nextArrived()
      if (arrived !== undefined) return { done: false, value: arrived }
      if (this.#over) return END
      await this.#wait()
    }
  }

  #readArrived(): void {
    while (!this.#over && !this.#malformed) {
      const event = this.#events.nextArrived?.()
      if (event !== undefined) this.#read(event)
      else if (this.#events.ended === true) this.#end()
      else return
    }
  }

  async #wait(): Promise<void> {
    const events = this.#events
    try {
      const step = this.#reader.finished ? await this.#patience.next(events) : await events.next()
      if (step === undefined || step.done === true) this.#end()
      else if (this.#malformed) throw notOfTheFormat(this.#source.origin, 'a chunk that is not JSON')
      else this.#read(step.value)
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #read({ data, event }: ServerSentEvent): void {
    const reader = this.#reader
    const text = event === 'message' ? this.#plain.textOf(data) : undefined
    if (text !== undefined) {
      reader.readText(text, this.#batch)
      return
    }
    const { origin, failure } = this.#source
    const chunk = parseJson(data)
    if (chunk === undefined) {
      this.#readWord(data.trim())
      return
    }
    const found = errorIn(chunk) ?? (event === 'error' ? { error: chunk } : undefined)
    const object = objectOf(chunk)
    // An error may stand beside a last piece of text, so the choices are read first.
    const hasChoices = object !== undefined && 'choices' in object
    if (found !== undefined && !hasChoices) throw failure(found)
    if (object === undefined) throw notOfTheFormat(origin, 'a chunk that is no object')
    const read = reader.read(object)
    for (const piece of read.events) this.#batch.push(piece)
    const error = found ?? read.error
    if (error !== undefined) throw failure(error)
    if (read.brokenEnd !== undefined) throw brokenEnd(origin, read.brokenEnd)
    if (reader.complete) this.#patience.nothingMoreExpected()
    const [only] = read.events
    if (only?.type === 'text' && read.events.length === 1) this.#plain.learn(data, object, only.text)
  }

  /** What is no chunk. */
  #readWord(word: string): void {
    const { finished } = this.#reader
    if (word === '') return
    if (word === '[DONE]' && finished) this.#patience.nothingMoreExpected()
    else if (word === '[DONE]' || finished) this.#end()
    else this.#malformed = true
  }

  #end(): void {
    this.#over = true
    const { origin } = this.#source
    if (!this.#reader.finished) throw withoutFinish(origin, this.#reader.started)
    const end = this.#reader.end()
    if (end === undefined) throw namelessCall(origin)
    this.#batch.push(...end)
  }

  #fail(thrown: unknown): void {
    this.#over = true
    this.#fault = { thrown }
  }
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

function parseJson(text: string): unknown {
  // Without a try: every answer ends with it.
  if (text === '[DONE]') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
