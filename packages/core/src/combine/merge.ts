import { normaliseAnswer } from './normalise.js'

/** An answer with who gave it, for people. */
export interface AttributedAnswer {
  readonly index: number
  /** `provider/model`. */
  readonly by: string
  readonly text: string
}

/** A paragraph or code block, once, with everybody who gave it; the first member is the one whose words these are. */
export interface MergedPiece {
  readonly text: string
  readonly from: readonly number[]
}

/** Several answers as one text, nothing said twice. */
export interface MergedAnswer {
  readonly text: string
  readonly pieces: readonly MergedPiece[]
}

/** Share of word pairs two paragraphs must have in common to say the same. */
const SAME = 0.8

/**
 * Puts answers one behind the other in the order given, leaves out paragraphs that an earlier one already
 * gave (word by word, or nearly), and heads each part with its source. Equal answers become one without a head.
 */
export function mergeAnswers(answers: readonly AttributedAnswer[]): MergedAnswer {
  const found: { text: string; from: number[]; pairs: ReadonlySet<string>; key: string }[] = []
  for (const { index, text } of answers) {
    for (const piece of piecesOf(text)) {
      const key = normaliseAnswer(piece)
      const pairs = wordPairs(key)
      const same = found.find((other) => other.key === key || similarity(other.pairs, pairs) >= SAME)
      if (same === undefined) found.push({ text: piece, from: [index], pairs, key })
      else if (!same.from.includes(index)) same.from.push(index)
    }
  }
  const pieces = found.map(({ text, from }) => ({ text, from }))
  const parts = answers.flatMap(({ index, by }) => {
    const own = pieces.filter(({ from }) => from[0] === index)
    return own.length === 0 ? [] : [{ by, text: own.map(({ text }) => text).join('\n\n') }]
  })
  const [only] = parts
  return {
    pieces,
    text:
      parts.length === 1 && only !== undefined
        ? only.text
        : parts.map(({ by, text }) => `**${by}**\n\n${text}`).join('\n\n'),
  }
}

/** Paragraphs; a fenced block is one piece, whatever is in it. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = []
  let lines: string[] = []
  let fence: string | undefined
  const close = (): void => {
    const piece = lines.join('\n').trimEnd()
    if (piece.trim() !== '') pieces.push(piece)
    lines = []
  }
  for (const line of text.split(/\r?\n/)) {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1]
    if (fence === undefined && mark === undefined && line.trim() === '') close()
    else lines.push(line)
    if (mark === undefined) continue
    if (fence === undefined) fence = mark
    else if (mark.startsWith(fence)) fence = undefined
  }
  close()
  return pieces
}

function wordPairs(text: string): ReadonlySet<string> {
  const words = text.split(' ')
  return new Set(words.slice(1).map((word, at) => `${words[at] ?? ''} ${word}`))
}

/** Jaccard: shared pairs of all pairs. Numbers differ by one pair only, so short texts must be equal. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size < 12 || b.size < 12) return 0
  let shared = 0
  for (const pair of a) if (b.has(pair)) shared += 1
  return shared / (a.size + b.size - shared)
}
