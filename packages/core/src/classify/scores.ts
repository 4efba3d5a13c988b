import { AFTER_CODE, FeatureList, WORD_NUMBERS } from './features.js'
import { ruleFeaturesOf } from './rule-features.js'
import { featureValue, FULL, segmentsOf } from './segments.js'
import type { Weights } from './weights.js'

/** What speaks for each task, and the words that say it. */
export interface Scores {
  /** Probabilities; together 1. */
  readonly chat: number
  readonly code: number
  readonly embeddings: number
  /** The words that speak loudest for a task. Only words that training knew: nobody's secret is among them. */
  readonly telling: (task: 'chat' | 'code' | 'embeddings') => readonly string[]
}

/** One list for all requests: nothing waits between filling it and reading it. */
const features = new FeatureList()
/** Words named in a reason. */
const MOST_WORDS = 2
/** Below this a word says too little to be named. */
const LOUD = 12

/** How probable each task is for a text, after an answer that held program text or not. */
export function scoresOf(text: string, afterCode: boolean, weights: Weights): Scores {
  let code = weights.codeBias
  let embeddings = weights.embeddingsBias
  const segments = segmentsOf(text)
  const { seen } = weights
  const words: Word[] = []
  for (const segment of segments) {
    features.read(segment.text)
    const mark = nextMark(seen)
    let codeSum = 0
    let embeddingsSum = 0
    for (let at = 0; at < features.count; at += 1) {
      const slot = weights.slotOf(features.hashes[at] ?? 0)
      if (slot < 0 || seen[slot] === mark) continue
      seen[slot] = mark
      codeSum += weights.code[slot] ?? 0
      embeddingsSum += weights.embeddings[slot] ?? 0
    }
    const value = featureValue(segment.share, features.count)
    code += codeSum * weights.codeStep * value
    embeddings += embeddingsSum * weights.embeddingsStep * value
    for (let word = 0; word < features.wordCount; word += 1) {
      const place = word * WORD_NUMBERS
      const slot = weights.slotOf(features.hashes[features.words[place] ?? 0] ?? 0)
      if (slot >= 0)
        words.push([slot, segment.text, features.words[place + 1] ?? 0, features.words[place + 2] ?? 0])
    }
  }
  const whole = ruleFeaturesOf(segments.map((segment) => segment.text).join('\n'))
  for (const feature of afterCode ? [...whole, AFTER_CODE] : whole) {
    const slot = weights.slotOf(feature)
    if (slot < 0) continue
    code += (weights.code[slot] ?? 0) * weights.codeStep * FULL
    embeddings += (weights.embeddings[slot] ?? 0) * weights.embeddingsStep * FULL
  }
  const codeOdds = Math.exp(Math.min(code, 50))
  const embeddingsOdds = Math.exp(Math.min(embeddings, 50))
  const all = 1 + codeOdds + embeddingsOdds
  return {
    chat: 1 / all,
    code: codeOdds / all,
    embeddings: embeddingsOdds / all,
    telling: (task) => {
      const says = (slot: number): number =>
        task === 'embeddings'
          ? (weights.embeddings[slot] ?? 0)
          : (weights.code[slot] ?? 0) * (task === 'code' ? 1 : -1)
      const loud = words
        .filter(([slot]) => says(slot) >= LOUD)
        .sort(([one], [other]) => says(other) - says(one))
        .map(([, shown, start, end]) => shown.slice(start, end))
      return [...new Set(loud)].slice(0, MOST_WORDS)
    },
  }
}

/** A known word: its place among the weights, the text it stands in, where it begins and ends there. */
type Word = readonly [slot: number, text: string, start: number, end: number]

/** A mark that no slot bears yet; all are cleared when the marks are used up. */
function nextMark(seen: Uint8Array): number {
  const mark = ((seen[seen.length - 1] ?? 0) % 255) + 1
  if (mark === 1) seen.fill(0)
  seen[seen.length - 1] = mark
  return mark
}
