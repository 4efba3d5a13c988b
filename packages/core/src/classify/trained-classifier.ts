import type { Message } from '../contract/message.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { type Classification, type Classifier, unknownTask } from './classification.js'
import { classifyText } from './classify-text.js'
import { holdsCodeBlock } from './code-shapes.js'
import { glance, lastAnswerText, lastUserText } from './glance.js'
import { type Scores, scoresOf } from './scores.js'
import { WEIGHTS } from './trained-weights.js'
import { unpackWeights, type Weights } from './weights.js'

/** Probability from which chat is said, and from which code: a chat taken for code is the worse mistake. */
const SURE_OF_CHAT = 0.5
const SURE_OF_CODE = 0.52
/** For embeddings it is more: whoever asks for words and gets numbers has nothing. */
const SURE_OF_EMBEDDINGS = 0.6

/** Tells the task of a text or conversation, at once. */
export type TextClassifier = (input: string | readonly Message[]) => Classification

/**
 * A classifier of these weights: base64, as `tools/classifier` of the repository packs them. Throws an
 * `OpenMuxError` with code `bad-config` and field `weights` when they are missing, damaged or of another version.
 */
export function createTextClassifier(packedWeights: string): TextClassifier {
  const weights = unpackWeights(packedWeights)
  return (input) => classifyBy(weights, input)
}

/**
 * The task of a text or conversation as the trained weights of this package tell it: chat, code, embeddings or "don't
 * know", in some 34 languages; no network, no model file, well under 0.2 ms whatever the length. How often it is
 * wrong, by language and kind of request, stands in `docs/classification.md`. Never throws: should the weights be
 * damaged, the rules of `classifyText` answer, and the reason says so.
 */
export const classifyByTraining: TextClassifier = /* @__PURE__ */ trainedOrRules(WEIGHTS)

/** {@link classifyByTraining} as a classifier: what an OpenMux uses that is given none. */
export const trainedClassifier: Classifier = ({ messages }) => classifyByTraining(messages)

/** Weights are unpacked with the first request: some milliseconds that an import need not cost. */
export function trainedOrRules(packedWeights: string): TextClassifier {
  let classify: TextClassifier | undefined
  return (input) => {
    classify ??= withRulesBehind(packedWeights)
    return classify(input)
  }
}

function withRulesBehind(packedWeights: string): TextClassifier {
  try {
    return createTextClassifier(packedWeights)
  } catch (thrown) {
    const why = thrown instanceof OpenMuxError ? thrown.message : 'the weights cannot be read'
    return (input) => byRules(input, why)
  }
}

/** What the rules say, and why it is they who are asked. */
function byRules(input: string | readonly Message[], why: string): Classification {
  const classification = classifyText(input)
  return { ...classification, reason: `${classification.reason}; by rules, for ${why}` }
}

function classifyBy(weights: Weights, input: string | readonly Message[]): Classification {
  const text = typeof input === 'string' ? glance(input) : lastUserText(input)
  if (text.trim() === '') return unknownTask('there is no text')
  if (!/\p{L}/u.test(text)) return unknownTask('there are no words')
  const afterCode = typeof input !== 'string' && holdsCodeBlock(lastAnswerText(input))
  return decide(scoresOf(text, afterCode, weights), afterCode)
}

function decide(scores: Scores, afterCode: boolean): Classification {
  const { chat, code, embeddings } = scores
  if (embeddings >= SURE_OF_EMBEDDINGS)
    return {
      task: 'embeddings',
      confidence: rounded(embeddings),
      reason: 'asks for the embedding of a text',
    }
  if (code >= SURE_OF_CODE) {
    const what = afterCode ? 'goes on about code' : 'reads like a request about code'
    return { task: 'code', confidence: rounded(code), reason: because(what, scores.telling('code')) }
  }
  if (chat >= SURE_OF_CHAT)
    return { task: 'chat', confidence: rounded(chat), reason: 'reads like everyday text' }
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
