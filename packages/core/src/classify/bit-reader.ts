/** Reads numbers of any number of bits from bytes, the highest bit of each first. */
export class BitReader {
  readonly #bytes: Uint8Array
  /** In bits, from the first byte on. */
  #at: number

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes
    this.#at = start * 8
  }

  /** Whether more was read than there is. */
  get isOver(): boolean {
    return this.#at > this.#bytes.length * 8
  }

  /** A number of up to 31 bits; zeros behind the end. */
  read(bits: number): number {
    let value = 0
    for (let left = bits; left > 0; left -= 1) {
      value = (value << 1) | (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1)
      this.#at += 1
    }
    return value
  }

  /** A number in a Rice code: as many ones as it holds 2^k, a zero, and k bits of the rest. */
  readRice(k: number): number {
    let quotient = 0
    while (this.read(1) === 1) quotient += 1
    return quotient * 2 ** k + this.read(k)
  }
}
