import type { Message } from '../contract/message.js'
import { type Classification, type ClassifierRequest, unknownTask } from './classification.js'
import { codeNames, codeShapes, holdsCodeBlock, type Sign } from './code-shapes.js'
import { glance, lastAnswerText, lastUserText } from './glance.js'
import { wishOf } from './wishes.js'

/** Weight of signs from which a request is about code. */
const ENOUGH = 1
/** Weight from which it may be: neither code nor plainly chat. */
const SOME = 0.55

/**
 * The task of a text or conversation by rules alone: no network, no model, well under 0.2 ms whatever the
 * length (only the beginning and the end of the last user message are read). English, with the basics of
 * some other languages. `unknown` where the signs contradict or are too few.
 */
export function classifyText(input: string | readonly Message[]): Classification {
  const text = typeof input === 'string' ? glance(input) : lastUserText(input)
  const wish = wishOf(text)
  if (wish.words === 0 && text.trim() === '') return unknownTask('there is no text')
  const signs = [...wish.signs, ...codeShapes(text)]
  // Names alone do not make a request for code, but beside another sign they do.
  const names = codeNames(text)
  const weight = total(signs) + total(names)
  if (weight >= ENOUGH)
    return { task: 'code', confidence: confidenceOf(weight), reason: strongest([...signs, ...names]) }
  if (wish.wantsVectors === true)
    return { task: 'embeddings', confidence: 0.8, reason: 'asks for the embedding of a text' }
  if (wish.prose !== undefined)
    return { task: 'chat', confidence: 0.9, reason: `asks for text: ${wish.prose}` }
  if (typeof input !== 'string' && holdsCodeBlock(lastAnswerText(input)))
    return { task: 'code', confidence: 0.65, reason: 'goes on about code' }
  if (weight >= SOME) return unknownTask(`could be about code: ${strongest([...signs, ...names])}`)
  if (wish.words === 0) return unknownTask('there are no words')
  return { task: 'chat', confidence: wish.words < 3 ? 0.6 : 0.75, reason: 'plain words, no sign of code' }
}

/** {@link classifyText} as a classifier. */
export const rulesClassifier = (request: ClassifierRequest): Classification => classifyText(request.messages)

function total(signs: readonly Sign[]): number {
  return signs.reduce((sum, sign) => sum + sign.weight, 0)
}

function strongest(signs: readonly Sign[]): string {
  const [first, ...rest] = signs
  return rest.reduce(
    (best, sign) => (sign.weight > best.weight ? sign : best),
    first ?? { weight: 0, reason: '' },
  ).reason
}

/** 0.7 at the threshold, towards 0.97 with more signs. */
function confidenceOf(weight: number): number {
  return Math.round((0.97 - (0.27 * ENOUGH ** 2) / weight ** 2) * 100) / 100
}
