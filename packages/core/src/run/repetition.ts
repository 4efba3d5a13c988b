/** The end of an answer is looked at again after so many new characters. */
const LOOK_EVERY = 200
/** A unit that is repeated is at most so long. */
const LONGEST_UNIT = 120
/** So much of the end must be one unit over and over, and at least so often. */
const LEAST_LENGTH = 400
const LEAST_TIMES = 6

/** Recognises an answer that has begun to repeat itself without end. Costs nothing for most pieces. */
export class RepetitionWatch {
  #tail = ''
  #unseen = 0

  /** The unit that is repeated, once it is certain enough; undefined otherwise. */
  push(text: string): string | undefined {
    this.#tail = (this.#tail + text).slice(-LONGEST_UNIT * LEAST_TIMES)
    this.#unseen += text.length
    if (this.#unseen < LOOK_EVERY) return undefined
    this.#unseen = 0
    return repeatedUnit(this.#tail)
  }
}

/** Pure: the shortest unit of which the end of a text consists; undefined when there is none, or only white space. */
export function repeatedUnit(text: string): string | undefined {
  for (let length = 1; length <= LONGEST_UNIT; length += 1) {
    const needed = Math.max(LEAST_LENGTH, length * LEAST_TIMES)
    if (needed > text.length) return undefined
    const end = text.slice(-needed)
    const unit = end.slice(0, length)
    // Rows of dashes and of white space are how tables and code look.
    if (/^[\s\-=_*#.|+]*$/.test(unit)) continue
    if (isRepeated(end, length)) return unit
  }
  return undefined
}

function isRepeated(text: string, length: number): boolean {
  for (let index = length; index < text.length; index += 1)
    if (text.charCodeAt(index) !== text.charCodeAt(index - length)) return false
  return true
}
