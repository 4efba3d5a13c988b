/** How an answer that broke off goes on elsewhere. */
export type Continuation = 'prefill' | 'restart'

/** What a {@link Splice} makes of a piece. */
export type Spliced =
  /** Not known yet whether it belongs on; nothing to pass on. */
  | { readonly kind: 'held' }
  /** The text that comes right after what was delivered; may be empty. */
  | { readonly kind: 'joined'; readonly text: string }
  /** The new text is not the one that was begun. `text` is all of it so far. */
  | { readonly kind: 'differs'; readonly text: string }

/** Characters of agreement with the beginning that show that a model began anew instead of going on. */
const ECHO_LENGTH = 24

/**
 * Puts the text of a second candidate behind the text that was delivered already, so that no character is lost
 * and none comes twice. Pure but for its own position.
 *
 * - `restart`: the new text is dropped while it equals the delivered one, and passed on from there.
 * - `prefill`: the new text is what follows. White space at the seam is kept once. A model that began anew
 *   although it was asked to go on is recognised by its repeating the beginning, and read as a restart.
 */
export class Splice {
  readonly #delivered: string
  /** Seen so far and not passed on. */
  #held = ''
  #mode: Continuation | 'joined' | 'differs'
  /** White space that was delivered but could not be part of the prefill. */
  #seam: string

  constructor(delivered: string, how: Continuation) {
    this.#delivered = delivered
    // White space alone is no beginning that another answer would have to share.
    this.#mode = delivered.trim() === '' ? 'joined' : how
    this.#seam = how === 'prefill' ? delivered.slice(delivered.trimEnd().length) : ''
  }

  /** Whether the new text follows the delivered one by now. */
  get joined(): boolean {
    return this.#mode === 'joined'
  }

  push(text: string): Spliced {
    if (this.#mode === 'joined') return { kind: 'joined', text: this.#withoutSeam(text) }
    this.#held += text
    return this.#judge()
  }

  /** The answer has ended: nothing that could decide comes any more. */
  end(): Spliced {
    if (this.#mode === 'joined') return { kind: 'joined', text: '' }
    // Shorter than the echo it might have been: it is what it was asked to be.
    if (this.#mode === 'prefill') return this.#join(this.#held)
    return this.#differ()
  }

  #judge(): Spliced {
    if (this.#mode === 'differs') return this.#differ()
    const common = commonLength(this.#held, this.#delivered)
    if (common === this.#delivered.length) return this.#join(this.#held.slice(common), true)
    if (common < this.#held.length) return this.#mode === 'prefill' ? this.#join(this.#held) : this.#differ()
    // So far it repeats the beginning.
    if (this.#mode === 'prefill' && common >= ECHO_LENGTH) this.#mode = 'restart'
    return { kind: 'held' }
  }

  #join(text: string, whole = false): Spliced {
    this.#mode = 'joined'
    this.#held = ''
    // After a restart the seam has been matched already.
    if (whole) this.#seam = ''
    return { kind: 'joined', text: this.#withoutSeam(text) }
  }

  #differ(): Spliced {
    this.#mode = 'differs'
    return { kind: 'differs', text: this.#held }
  }

  /** Drops white space that was delivered before the break and comes again. */
  #withoutSeam(text: string): string {
    if (this.#seam === '' || text === '') return text
    const same = commonLength(text, this.#seam)
    this.#seam = same < text.length ? '' : this.#seam.slice(same)
    return text.slice(same)
  }
}

/**
 * Whether a prefill can be told from an answer that begins anew: not when the beginning of the text occurs in it
 * again, as in a refrain.
 */
export function prefillIsSafe(delivered: string): boolean {
  const head = delivered.slice(0, ECHO_LENGTH)
  return head.trim() !== '' && !delivered.includes(head, 1)
}

function commonLength(a: string, b: string): number {
  const longest = Math.min(a.length, b.length)
  let length = 0
  while (length < longest && a.charCodeAt(length) === b.charCodeAt(length)) length += 1
  return length
}
