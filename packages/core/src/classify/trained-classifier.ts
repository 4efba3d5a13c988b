import type { Message } from '../contract/message.js'
import { type Classification, type Classifier, unknownTask } from './classification.js'
import { holdsCodeBlock } from './code-shapes.js'
import { glance, lastAnswerText, lastUserText } from './glance.js'
import { type Scores, scoresOf } from './scores.js'
import { WEIGHTS } from './trained-weights.js'
import { unpackWeights, type Weights } from './weights.js'

/** Probability from which chat or code is said. */
const SURE = 0.6
/** For embeddings it is more: whoever asks for words and gets numbers has nothing. */
const SURE_OF_EMBEDDINGS = 0.8

/** Tells the task of a text or conversation, at once. */
export type TextClassifier = (input: string | readonly Message[]) => Classification

/**
 * A classifier of these weights, as `tools/classifier/train.ts` packs them. They are unpacked with the first
 * request; missing or damaged ones throw nothing: every answer is then "don't know", with the reason.
 */
export function createTextClassifier(packedWeights: string): TextClassifier {
  let weights: Weights | string | undefined
  return (input) => {
    const text = typeof input === 'string' ? glance(input) : lastUserText(input)
    if (text.trim() === '') return unknownTask('there is no text')
    if (!/\p{L}/u.test(text)) return unknownTask('there are no words')
    weights ??= unpacked(packedWeights)
    if (typeof weights === 'string') return unknownTask(`the classifier cannot work: ${weights}`)
    const afterCode = typeof input !== 'string' && holdsCodeBlock(lastAnswerText(input))
    return decide(scoresOf(text, afterCode, weights), afterCode)
  }
}

/**
 * The task of a text or conversation by the trained weights of this package: chat, code, embeddings or "don't
 * know", in some 34 languages; no network, no model file, well under 0.2 ms whatever the length. How often it is
 * wrong, by language and kind of request, stands in `docs/classification.md`.
 */
export const classifyByTraining: TextClassifier = /* @__PURE__ */ createTextClassifier(WEIGHTS)

/** {@link classifyByTraining} as a classifier: what an OpenMux uses that is given none. */
export const trainedClassifier: Classifier = ({ messages }) => classifyByTraining(messages)

function unpacked(packed: string): Weights | string {
  try {
    return unpackWeights(packed)
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : 'the weights are unreadable'
  }
}

function decide(scores: Scores, afterCode: boolean): Classification {
  const { chat, code, embeddings } = scores
  if (embeddings >= SURE_OF_EMBEDDINGS)
    return { task: 'embeddings', confidence: rounded(embeddings), reason: 'asks for the embedding of a text' }
  if (code >= SURE) {
    const what = afterCode ? 'goes on about code' : 'reads like a request about code'
    return { task: 'code', confidence: rounded(code), reason: because(what, scores.telling('code')) }
  }
  if (chat >= SURE) return { task: 'chat', confidence: rounded(chat), reason: 'reads like everyday text' }
  return unknownTask(
    `could be ${percent(chat)} chat, ${percent(code)} code, ${percent(embeddings)} embeddings`,
  )
}

function because(what: string, words: readonly string[]): string {
  return words.length === 0 ? what : `${what}: ${words.map((word) => `“${word}”`).join(', ')}`
}

/** Never 1: nothing is certain here. */
function rounded(probability: number): number {
  return Math.min(0.99, Math.round(probability * 100) / 100)
}

function percent(probability: number): string {
  return `${Math.round(probability * 100)} %`
}
