/**
 * Bytes to text, piece by piece. A character split over pieces waits for its rest; what is not UTF-8 becomes
 * U+FFFD, exactly as if all bytes had been decoded at once. A byte order mark at the very start is dropped.
 *
 * `TextDecoder` with `stream: true` would do the same several times slower: only its plain form has a fast path.
 */
export class Utf8Decoder {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #rest: Uint8Array = new Uint8Array(0)
  #started = false

  /** The text that is complete after `bytes`. */
  push(bytes: Uint8Array): string {
    const all = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes)
    const end = completeLength(all)
    this.#rest = end === all.length ? this.#rest.subarray(0, 0) : all.slice(end)
    return this.#text(end === all.length ? all : all.subarray(0, end))
  }

  /** The text of what is left when no more bytes will come. */
  end(): string {
    const rest = this.#rest
    this.#rest = new Uint8Array(0)
    return this.#text(rest)
  }

  #text(bytes: Uint8Array): string {
    if (bytes.length === 0) return ''
    const text = this.#decoder.decode(bytes)
    if (this.#started) return text
    this.#started = true
    return text.codePointAt(0) === 0xfeff ? text.slice(1) : text
  }
}

/** Length of `bytes` without a character at the end that may still be going on. */
function completeLength(bytes: Uint8Array): number {
  const length = bytes.length
  for (let back = 1; back <= 3 && back <= length; back += 1) {
    const byte = bytes[length - back] ?? 0
    // A continuation byte: its lead is further back.
    if ((byte & 0xc0) === 0x80) continue
    const need = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    // Cutting before a lead byte is always safe: no decoder joins it to what stands before.
    return need > back ? length - back : length
  }
  return length
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}
