/** A piece of a text that is read on its own, and what it counts beside the others. */
export interface Segment {
  readonly text: string
  readonly share: number
}

/** What is asked for stands mostly at the beginning … */
const HEAD = 240
/** … or, behind a pasted document, at the end. */
const TAIL = 200
/** Characters read between them. */
const MIDDLE = 200

/** A text in at most three pieces and 640 characters, however long it is. */
export function segmentsOf(text: string): readonly Segment[] {
  if (text.length <= HEAD + TAIL) return [{ text, share: 1 }]
  const middle = text.slice(HEAD, Math.min(HEAD + MIDDLE, text.length - TAIL))
  return [
    { text: text.slice(0, HEAD), share: 0.8 },
    { text: middle, share: 0.4 },
    { text: text.slice(-TAIL), share: 0.8 },
  ]
}

/** What one feature of a segment counts: the more there are, the less each. */
export function featureValue(share: number, features: number): number {
  return share / Math.sqrt(features + 20)
}

/** What a feature of the whole request counts, which stands for no part of the text. */
export const FULL = 0.4
