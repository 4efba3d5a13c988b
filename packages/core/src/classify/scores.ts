import { AFTER_CODE, FeatureList } from './features.js'
import { featureValue, segmentsOf } from './segments.js'
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
  const seen = new Uint8Array(weights.slots)
  const words = new Map<string, readonly [code: number, embeddings: number]>()
  for (const segment of segmentsOf(text)) {
    features.read(segment.text)
    let codeSum = 0
    let embeddingsSum = 0
    seen.fill(0)
    for (let at = 0; at < features.count; at += 1) {
      const slot = weights.slotOf(features.hashes[at] ?? 0)
      if (slot < 0 || seen[slot] === 1) continue
      seen[slot] = 1
      codeSum += weights.code[slot] ?? 0
      embeddingsSum += weights.embeddings[slot] ?? 0
    }
    const value = featureValue(segment.share, features.count)
    code += codeSum * weights.codeStep * value
    embeddings += embeddingsSum * weights.embeddingsStep * value
    for (let word = 0; word < features.wordCount; word += 1) {
      const slot = weights.slotOf(features.hashes[features.words[word * 3] ?? 0] ?? 0)
      if (slot < 0) continue
      const shown = segment.text.slice(features.words[word * 3 + 1], features.words[word * 3 + 2])
      words.set(shown, [weights.code[slot] ?? 0, weights.embeddings[slot] ?? 0])
    }
  }
  if (afterCode) {
    const slot = weights.slotOf(AFTER_CODE)
    if (slot >= 0) {
      code += (weights.code[slot] ?? 0) * weights.codeStep
      embeddings += (weights.embeddings[slot] ?? 0) * weights.embeddingsStep
    }
  }
  const codeOdds = Math.exp(Math.min(code, 50))
  const embeddingsOdds = Math.exp(Math.min(embeddings, 50))
  const all = 1 + codeOdds + embeddingsOdds
  return {
    chat: 1 / all,
    code: codeOdds / all,
    embeddings: embeddingsOdds / all,
    telling: (task) =>
      [...words]
        .map(([word, [forCode, forEmbeddings]]) => ({
          word,
          says: task === 'chat' ? -forCode : task === 'code' ? forCode : forEmbeddings,
        }))
        .filter(({ says }) => says >= LOUD)
        .sort((one, other) => other.says - one.says)
        .slice(0, MOST_WORDS)
        .map(({ word }) => word),
  }
}
