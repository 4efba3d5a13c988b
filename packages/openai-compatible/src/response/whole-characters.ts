/** Joins pieces of text so that no piece ends in half a character: JSON may cut a surrogate pair in two. */
export class WholeCharacters {
  #half = ''

  /** `piece` with the half of the one before, without its own; may be empty. */
  push(piece: string): string {
    const text = this.#half + piece
    this.#half = ''
    const last = text.charCodeAt(text.length - 1)
    if (last < 0xd800 || last > 0xdbff || Number.isNaN(last)) return text.toWellFormed()
    this.#half = text.slice(-1)
    return text.slice(0, -1).toWellFormed()
  }

  /** What is left at the end: a replacement character, if half a character never got its other half. */
  end(): string {
    const rest = this.#half.toWellFormed()
    this.#half = ''
    return rest
  }
}
