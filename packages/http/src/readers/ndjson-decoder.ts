import { OpenMuxError } from '@openmux/core'
import { LineDecoder } from './line-decoder.js'
import type { PieceDecoder } from './piece-decoder.js'

/** Bytes to JSON values, one a line, piece by piece. Blank lines are skipped. */
export class NdjsonDecoder implements PieceDecoder<unknown> {
  failure: OpenMuxError | undefined
  readonly #lines: LineDecoder
  readonly #ready: string[] = []

  /** `maxLineBytes`: most bytes of one line as UTF-8. */
  constructor(maxLineBytes?: number) {
    this.#lines = new LineDecoder(maxLineBytes)
  }

  push(bytes: Uint8Array, values: unknown[]): void {
    if (this.failure !== undefined) return
    this.#lines.push(bytes, this.#ready)
    this.#parse(values, malformedLine)
  }

  end(values: unknown[]): void {
    if (this.failure !== undefined) return
    this.#lines.end(this.#ready)
    // Only the last line has no end, and half a value there means that the rest never came.
    this.#parse(values, cutLine)
  }

  #parse(values: unknown[], failureOf: (line: string) => OpenMuxError): void {
    for (const line of this.#ready) {
      try {
        values.push(JSON.parse(line))
      } catch {
        if (line.trim() === '') continue
        this.failure = failureOf(line)
        break
      }
    }
    this.#ready.length = 0
    this.failure ??= this.#lines.failure
  }
}

function malformedLine(line: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-response',
    message: 'A line of the answer is not JSON.',
    upstream: { body: line },
  })
}

function cutLine(line: string): OpenMuxError {
  return new OpenMuxError({
    code: 'truncated',
    message: 'The answer ended in the middle of a line.',
    upstream: { body: line },
  })
}
