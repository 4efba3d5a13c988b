import type { OpenMuxError } from '@openmux/core'
import { DEFAULT_MAX_LINE_BYTES, exceedsBytes, LineDecoder, lineTooLarge } from './line-decoder.js'
import type { PieceDecoder } from './piece-decoder.js'

/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  /** `message` unless the stream names another. */
  readonly event: string
  /** The `data` lines, joined by LF. May be empty. */
  readonly data: string
  /** The latest id the stream has given, of this event or one before it. */
  readonly id?: string
}

const SPACE = 32

/**
 * Bytes to events, piece by piece, by the rules of the HTML standard ("Interpreting an event stream"), but for one:
 * an event at the very end needs no blank line after it, since many servers leave the last one out.
 */
export class ServerSentEventDecoder implements PieceDecoder<ServerSentEvent> {
  failure: OpenMuxError | undefined
  readonly #lines: LineDecoder
  readonly #maxBytes: number
  readonly #ready: string[] = []
  #data: string | undefined
  #event = ''
  #id: string | undefined

  /** `maxLineBytes`: most bytes of one line, and of all data of one event, as UTF-8. */
  constructor(maxLineBytes: number = DEFAULT_MAX_LINE_BYTES) {
    this.#lines = new LineDecoder(maxLineBytes)
    this.#maxBytes = maxLineBytes
  }

  push(bytes: Uint8Array, events: ServerSentEvent[]): void {
    if (this.failure !== undefined) return
    this.#lines.push(bytes, this.#ready)
    this.#interpret(events)
  }

  end(events: ServerSentEvent[]): void {
    if (this.failure !== undefined) return
    this.#lines.end(this.#ready)
    this.#interpret(events)
    if (this.failure === undefined) this.#dispatch(events)
  }

  #interpret(events: ServerSentEvent[]): void {
    for (const line of this.#ready) {
      if (line === '') this.#dispatch(events)
      else this.#field(line)
      if (this.failure !== undefined) break
    }
    this.#ready.length = 0
    this.failure ??= this.#lines.failure
  }

  #field(line: string): void {
    // Nearly every line, and so without looking at its parts.
    if (line.startsWith('data: ')) {
      this.#addData(line.slice(6))
      return
    }
    const colon = line.indexOf(':')
    // A line that begins with a colon is a comment.
    if (colon === 0) return
    const name = colon === -1 ? line : line.slice(0, colon)
    const from = colon === -1 ? line.length : colon + (line.charCodeAt(colon + 1) === SPACE ? 2 : 1)
    if (name === 'data') this.#addData(line.slice(from))
    else if (name === 'event') this.#event = line.slice(from)
    else if (name === 'id' && !line.includes('\0')) this.#id = line.slice(from)
  }

  #addData(value: string): void {
    if (this.#data === undefined) {
      this.#data = value
      return
    }
    this.#data += `\n${value}`
    // Its bytes are counted once, at the end: here that would cost the square of the lines.
    if (this.#data.length > this.#maxBytes) this.failure = lineTooLarge(this.#maxBytes)
  }

  #dispatch(events: ServerSentEvent[]): void {
    const data = this.#data
    const event = this.#event === '' ? 'message' : this.#event
    this.#data = undefined
    this.#event = ''
    // Without data there is no event, only a name that nobody used.
    if (data === undefined) return
    if (exceedsBytes(data, this.#maxBytes)) {
      this.failure = lineTooLarge(this.#maxBytes)
      return
    }
    events.push(this.#id === undefined ? { event, data } : { event, data, id: this.#id })
  }
}
