import { codeNames, codeShapes, type Sign } from './code-shapes.js'
import { FEATURE_SPACE } from './features.js'
import { wishOf } from './wishes.js'

/** Weights at which the rules change their mind, and some between. */
const STEPS = [0, 0.5, 0.8, 1, 1.4, 2, 3] as const
const ENGLISH =
  /\b(?:the|is|are|was|what|how|do|does|did|can|to|of|for|and|you|with|my|it|this|write|make)\b/i

/**
 * What the rules see in a text, as features: training finds out how far to trust them. They count in full,
 * however long the text is.
 */
export function ruleFeaturesOf(text: string): readonly number[] {
  const wish = wishOf(text)
  const shapes = codeShapes(text)
  const names = codeNames(text)
  const weight = stepOf([...wish.signs, ...shapes, ...names])
  const seen = [
    `weight ${weight}`,
    `words ${stepOf(wish.signs)}`,
    ...shapes.map(({ reason }) => reason),
    ...names.map(({ reason }) => reason),
  ]
  // The rules know English best.
  if (ENGLISH.test(text))
    seen.push(`english weight ${weight}`, `english ${names.length > 0 || shapes.length > 0}`)
  if (wish.prose !== undefined) seen.push('asks for text', `asks for text ${weight}`)
  if (wish.wantsVectors === true) seen.push('wants vectors')
  return seen.map(featureOf)
}

function stepOf(signs: readonly Sign[]): number {
  const total = signs.reduce((sum, sign) => sum + sign.weight, 0)
  return STEPS.findLastIndex((step) => total >= step)
}

/** FNV-1a of the words, cut to the space of features. */
function featureOf(words: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < words.length; at += 1) hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193)
  return ((hash ^ (hash >>> 15)) >>> 0) % FEATURE_SPACE
}
