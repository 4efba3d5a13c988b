/** Features are numbers below this: hashes cut to 21 bits. */
export const FEATURE_SPACE = 1 << 21

/** Most characters of one segment that are read. Callers cut before; this is the wall behind. */
const MOST_CHARACTERS = 1_200
/** Most features one character can give: 4 of its word, 3 of the shape, 4 where words are not spaced. */
const MOST_FEATURES = 12
/** Characters of a word that are looked at for parts of words. */
const LONGEST_WORD = 24

/** Numbers kept for each word in {@link FeatureList.words}. */
export const WORD_NUMBERS = 3

const WORD = 0x11
const PAIR = 0x22
const SKIP = 0x33
const PART = 0x44
const CASED = 0x55
const SHAPE = 0x66
const UNSPACED = 0x77
const CONTEXT = 0x88
const START = 0x99

/**
 * The features of a piece of text, in arrays that are used again for the next one: hashed words, pairs of words,
 * parts of words, and the shape of the text (`foo.bar(1);` is `a.a(0);`).
 */
export class FeatureList {
  readonly hashes = new Uint32Array(MOST_CHARACTERS * MOST_FEATURES)
  count = 0
  /** The whole words, three numbers each: the index of the word's feature, where it begins in the text, where it ends. */
  readonly words = new Uint32Array(MOST_CHARACTERS * WORD_NUMBERS)
  wordCount = 0

  /** Reads a text anew, forgetting the last one. */
  read(text: string): void {
    this.count = 0
    this.wordCount = 0
    const piece = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text
    const small = piece.toLowerCase()
    // Few letters change their length in lower case; such a text is read in lower case alone.
    const shown = small.length === piece.length ? piece : small
    this.#readWords(small, shown)
    this.#readShape(shown)
  }

  #add(hash: number): void {
    this.hashes[this.count] = finish(hash)
    this.count += 1
  }

  #readWords(small: string, shown: string): void {
    let before = START
    let beforeThat = START
    let at = 0
    const { length } = small
    while (at < length) {
      const unit = small.charCodeAt(at)
      if (isUnspaced(unit)) {
        const start = at
        while (at < length && isUnspaced(small.charCodeAt(at))) at += 1
        this.#readUnspaced(small, start, at)
        beforeThat = before
        before = UNSPACED
        continue
      }
      if (!isWordUnit(unit)) {
        at += 1
        continue
      }
      const start = at
      let hash = WORD
      let cased = CASED
      let capitals = false
      for (; at < length; at += 1) {
        const next = small.charCodeAt(at)
        // C++ and C# are words.
        if (!(isWordUnit(next) && !isUnspaced(next)) && !(at > start && (next === 0x2b || next === 0x23)))
          break
        hash = mix(hash, next)
        const asShown = shown.charCodeAt(at)
        cased = mix(cased, asShown)
        if (asShown !== next) capitals = true
      }
      this.words.set([this.count, start, at], this.wordCount * WORD_NUMBERS)
      this.wordCount += 1
      this.#add(hash)
      if (capitals) this.#add(cased)
      this.#add(mix(mix(PAIR, before), hash))
      this.#add(mix(mix(SKIP, beforeThat), hash))
      this.#readParts(small, start, at)
      beforeThat = before
      before = hash
    }
  }

  /** Three to five characters in a row, with the edges of the word. */
  #readParts(small: string, start: number, end: number): void {
    const last = Math.min(end, start + LONGEST_WORD)
    for (let from = start - 1; from < last - 1; from += 1) {
      let hash = PART
      for (let length = 1; length <= 5; length += 1) {
        const at = from + length - 1
        if (at > last) break
        hash = mix(hash, at < start || at === end ? 0x20 : small.charCodeAt(at))
        if (length >= 3) this.#add(hash)
      }
    }
  }

  /** One to four characters in a row: what stands for words in Chinese, Japanese, Thai. */
  #readUnspaced(small: string, start: number, end: number): void {
    for (let from = start; from < end; from += 1) {
      let hash = UNSPACED
      for (let at = from; at < end && at < from + 4; at += 1) {
        hash = mix(hash, small.charCodeAt(at))
        this.#add(hash)
      }
    }
  }

  /** Letters and digits count as one each, whatever they are: what is left is the shape. */
  #readShape(shown: string): void {
    let first = 0
    let second = 0
    let third = 0
    let fourth = 0x0a
    for (let at = 0; at <= shown.length; at += 1) {
      const form = at === shown.length ? 0x0a : formOf(shown.charCodeAt(at))
      if (form === fourth && (form === 0x61 || form === 0x30 || form === 0x20 || form === 0x78)) continue
      first = second
      second = third
      third = fourth
      fourth = form
      if (third !== 0) this.#add(mix(mix(mix(SHAPE, second), third), fourth))
      if (second !== 0) this.#add(mix(mix(mix(mix(SHAPE, first), second), third), fourth))
    }
  }
}

/** That the last answer held program text is a feature of its own. */
export const AFTER_CODE: number = finish(mix(CONTEXT, 1))

function mix(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193) ^ (hash >>> 15)
}

function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return ((mixed ^ (mixed >>> 13)) >>> 0) % FEATURE_SPACE
}

/** Letters, digits, marks and `_`, by ranges: a table of Unicode is not worth its size here. */
function isWordUnit(unit: number): boolean {
  if (unit < 0x80)
    return (
      (unit >= 0x61 && unit <= 0x7a) ||
      (unit >= 0x30 && unit <= 0x39) ||
      unit === 0x5f ||
      (unit >= 0x41 && unit <= 0x5a)
    )
  if (unit < 0xc0) return unit === 0xaa || unit === 0xb5 || unit === 0xba
  if (unit === 0xd7 || unit === 0xf7) return false
  // Punctuation, arrows, drawings; marks of Arabic, Indian and Asian scripts.
  if (unit >= 0x2000 && unit <= 0x2bff) return unit === 0x200c || unit === 0x200d
  if (unit >= 0x3000 && unit <= 0x3004) return false
  if (unit >= 0x3008 && unit <= 0x3020) return false
  if (unit >= 0xff00 && unit <= 0xff0f) return false
  if (unit >= 0xff1a && unit <= 0xff20) return false
  if (unit >= 0xd800 && unit <= 0xdfff) return false
  return unit !== 0x060c && unit !== 0x061b && unit !== 0x061f && unit !== 0x0964 && unit !== 0x0965
}

/** Thai to Burmese, Japanese and Chinese: no spaces between words. */
function isUnspaced(unit: number): boolean {
  return (
    (unit >= 0x3040 && unit <= 0x30ff) ||
    (unit >= 0x3400 && unit <= 0x9fff) ||
    (unit >= 0x0e00 && unit <= 0x0eff) ||
    (unit >= 0x1000 && unit <= 0x109f) ||
    (unit >= 0x1780 && unit <= 0x17ff)
  )
}

function formOf(unit: number): number {
  if (unit >= 0x61 && unit <= 0x7a) return 0x61
  if (unit >= 0x41 && unit <= 0x5a) return 0x41
  if (unit >= 0x30 && unit <= 0x39) return 0x30
  if (unit === 0x09 || unit === 0xa0) return 0x20
  return unit >= 0xc0 && isWordUnit(unit) ? 0x78 : unit
}
