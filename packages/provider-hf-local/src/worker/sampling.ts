/** How the next token is chosen. */
export interface SamplingSettings {
  /** 0: always the most likely token. */
  readonly temperature: number
  /** Only the smallest set of likeliest tokens whose probabilities add up to this. 1: all. */
  readonly topP: number
  /** Only this many of the likeliest tokens. 0: all. */
  readonly topK: number
}

/** The index of the largest finite number; -1 when there is none (a model that computed only NaN). */
export function likeliestToken(logits: ArrayLike<number>): number {
  let best = -1
  let bestValue = Number.NEGATIVE_INFINITY
  for (let token = 0; token < logits.length; token++) {
    const value = logits[token]
    if (value !== undefined && value > bestValue) {
      best = token
      bestValue = value
    }
  }
  return best
}

/**
 * Chooses one token from the model's raw scores. Temperature, then top-k, then top-p, as everywhere
 * else; the library itself ignores top-p (`generation/logits_sampler.js`), therefore this.
 * Answers -1 when no score is a usable number.
 */
export function chooseToken(
  logits: ArrayLike<number>,
  settings: SamplingSettings,
  random: () => number,
): number {
  const best = likeliestToken(logits)
  if (best === -1 || settings.temperature <= 0) return best
  const top = logits[best] ?? 0
  const weights = new Float64Array(logits.length)
  let sum = 0
  for (let token = 0; token < logits.length; token++) {
    const weight = Math.exp(((logits[token] ?? Number.NEGATIVE_INFINITY) - top) / settings.temperature)
    if (weight > 0) {
      weights[token] = weight
      sum += weight
    }
  }
  if (settings.topP >= 1 && settings.topK <= 0) return draw(allTokens(weights.length), weights, sum, random)
  const nucleus = likeliestSet(weights, sum, settings)
  return draw(nucleus.tokens, weights, nucleus.sum, random)
}

function likeliestSet(
  weights: Float64Array,
  sum: number,
  settings: SamplingSettings,
): { tokens: number[]; sum: number } {
  const topP = Math.min(1, settings.topP)
  // Tokens below this share add up to less than what top-p leaves out, so none of them is in the
  // set: only the few others must be sorted, not a vocabulary of 150,000 for every token.
  const floor = topP < 1 ? ((1 - topP) * sum) / weights.length : 0
  const likely: number[] = []
  for (let token = 0; token < weights.length; token++) if ((weights[token] ?? 0) > floor) likely.push(token)
  likely.sort((one, other) => (weights[other] ?? 0) - (weights[one] ?? 0) || one - other)
  const limit = settings.topK > 0 ? Math.min(settings.topK, likely.length) : likely.length
  let pool = 0
  for (let place = 0; place < limit; place++) pool += weights[likely[place] ?? -1] ?? 0
  // As usual, top-p counts shares of what top-k has left.
  const wanted = topP * (limit < likely.length || settings.topK > 0 ? pool : sum)
  const tokens: number[] = []
  let taken = 0
  for (let place = 0; place < limit; place++) {
    const token = likely[place] ?? -1
    tokens.push(token)
    taken += weights[token] ?? 0
    if (taken >= wanted) break
  }
  return { tokens, sum: taken }
}

function* allTokens(count: number): Iterable<number> {
  for (let token = 0; token < count; token++) yield token
}

function draw(tokens: Iterable<number>, weights: Float64Array, sum: number, random: () => number): number {
  let left = random() * sum
  let last = -1
  for (const token of tokens) {
    const weight = weights[token] ?? 0
    if (weight <= 0) continue
    last = token
    left -= weight
    if (left < 0) return token
  }
  // Only rounding leads here.
  return last
}
