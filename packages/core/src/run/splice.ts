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
  /** It repeats the beginning of what was delivered: whether the model goes on or began anew cannot be told. */
  | { readonly kind: 'unclear'; readonly text: string }

/** So many characters of agreement with the beginning are no accident. */
const ECHO_LENGTH = 24

/**
 * Puts the text of a second candidate behind the text that was delivered already, so that no character is lost
 * and none comes twice. Pure but for its own position.
 *
 * - `restart`: the new text is dropped while it equals the delivered one, and passed on from there.
 * - `prefill`: the new text is what follows. White space at the seam is kept once. A model that repeats the
 *   beginning may have begun anew although it was asked to go on, or be singing a refrain: nothing is joined then.
 */
export class Splice {
  readonly #delivered: string
  /** Seen so far and not passed on. */
  #held = ''
  #mode: Continuation | 'joined' | 'differs'
  /** White space that was delivered and may come again. */
  #seam: string

  constructor(delivered: string, how: Continuation) {
    this.#delivered = delivered
    // White space alone is no beginning that another answer would have to share.
    const isBlank = delivered.trim() === ''
    this.#mode = isBlank ? 'joined' : how
    // Several back ends take no white space at the end of a prefill.
    this.#seam = isBlank || how === 'prefill' ? delivered.slice(delivered.trimEnd().length) : ''
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
    if (this.#mode === 'prefill') return this.#held === '' ? this.#join('') : this.#unclear()
    return this.#differ()
  }

  #judge(): Spliced {
    if (this.#mode === 'differs') return this.#differ()
    const common = commonLength(this.#held, this.#delivered)
    const repeated = common === this.#delivered.length
    if (!repeated && common === this.#held.length) return { kind: 'held' }
    if (this.#mode === 'restart') return repeated ? this.#join(this.#held.slice(common)) : this.#differ()
    return repeated || common >= ECHO_LENGTH ? this.#unclear() : this.#join(this.#held)
  }

  #join(text: string): Spliced {
    this.#mode = 'joined'
    this.#held = ''
    return { kind: 'joined', text: this.#withoutSeam(text) }
  }

  #unclear(): Spliced {
    return { kind: 'unclear', text: this.#held }
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
  // Half a character cannot be handed to anybody: it would come back as another one.
  if (/[\uD800-\uDBFF]\s*$/.test(delivered)) return false
  const head = delivered.slice(0, ECHO_LENGTH)
  return head.trim() !== '' && !delivered.includes(head, 1)
}

function commonLength(a: string, b: string): number {
  const longest = Math.min(a.length, b.length)
  let length = 0
  while (length < longest && a.charCodeAt(length) === b.charCodeAt(length)) length += 1
  return length
}
