import { OpenMuxError } from '@openmux/core'
import type { PieceDecoder } from './piece-decoder.js'
import { Utf8Decoder } from './utf8-decoder.js'

/** Most bytes of one line unless told otherwise: 8 MiB. */
export const DEFAULT_MAX_LINE_BYTES = 8 * 1024 * 1024

/**
 * Bytes to lines, piece by piece. Lines end with LF, CR LF or a lone CR, which also may be split over pieces;
 * a line is handed out as soon as its end is seen. Knows nothing of streams: push bytes, take lines.
 */
export class LineDecoder implements PieceDecoder<string> {
  failure: OpenMuxError | undefined
  readonly #maxLineBytes: number
  readonly #utf8 = new Utf8Decoder()
  #pending = ''
  #skipLineFeed = false

  /** `maxLineBytes`: most bytes of one line as UTF-8, without its end. */
  constructor(maxLineBytes: number = DEFAULT_MAX_LINE_BYTES) {
    this.#maxLineBytes = maxLineBytes
  }

  push(bytes: Uint8Array, lines: string[]): void {
    this.#split(this.#utf8.push(bytes), lines)
  }

  end(lines: string[]): void {
    this.#split(this.#utf8.end(), lines)
    if (this.#pending !== '') this.#add(this.#pending, lines)
    this.#pending = ''
  }

  #split(text: string, lines: string[]): void {
    if (text === '' || this.failure !== undefined) return
    let start = 0
    if (this.#skipLineFeed) {
      this.#skipLineFeed = false
      if (text.startsWith('\n')) start = 1
    }
    let carriageReturn = text.indexOf('\r', start)
    let lineFeed = text.indexOf('\n', start)
    while (lineFeed !== -1 || carriageReturn !== -1) {
      const atReturn = carriageReturn !== -1 && (lineFeed === -1 || carriageReturn < lineFeed)
      const end = atReturn ? carriageReturn : lineFeed
      const line = text.slice(start, end)
      start = end + 1
      if (this.#pending === '') this.#add(line, lines)
      else {
        const whole = this.#pending + line
        this.#pending = ''
        this.#add(whole, lines)
      }
      if (atReturn) {
        if (lineFeed === start) start += 1
        else if (start === text.length) this.#skipLineFeed = true
        carriageReturn = text.indexOf('\r', start)
      }
      if (lineFeed !== -1 && lineFeed < start) lineFeed = text.indexOf('\n', start)
    }
    if (start < text.length) this.#pending += start === 0 ? text : text.slice(start)
    // A text has at least as many bytes as characters.
    if (this.#pending.length > this.#maxLineBytes) this.#fail()
  }

  #add(line: string, lines: string[]): void {
    if (exceedsBytes(line, this.#maxLineBytes)) this.#fail()
    // A line earlier in the same piece may have been at fault.
    if (this.failure === undefined) lines.push(line)
  }

  #fail(): void {
    this.#pending = ''
    this.failure ??= lineTooLarge(this.#maxLineBytes)
  }
}

/** Whether `text` has more than `limit` bytes as UTF-8. Encodes only when its length leaves that open. */
export function exceedsBytes(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return false
  return text.length > limit || new TextEncoder().encode(text).length > limit
}

/** The error for a line, or an event of several lines, above the limit. */
export function lineTooLarge(maxLineBytes: number): OpenMuxError {
  return new OpenMuxError({
    code: 'too-large',
    fault: 'target',
    scope: 'endpoint',
    message: `One line of the answer has more than ${maxLineBytes} bytes.`,
    hint: 'If such answers are expected, raise maxLineBytes; else something is wrong with the server.',
  })
}
