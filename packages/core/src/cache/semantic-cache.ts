import { type Clock, systemClock } from '../contract/clock.js'
import { type EmbeddingSpace, embeddingSpaceId } from '../contract/embedding-space.js'
import { OpenMuxError } from '../errors/openmux-error.js'

/** Options of {@link semanticCache}. Nothing is guessed: the floor must be chosen for the embedding model. */
export interface SemanticCacheOptions {
  /** The vector of a text, with the identity of its space. */
  readonly embed: (
    text: string,
    signal?: AbortSignal,
  ) => Promise<{ readonly vector: readonly number[]; readonly space: EmbeddingSpace }>
  /** Least cosine similarity that counts as the same question, above 0 up to 1. Models differ: measure it. */
  readonly floor: number
  /** Default 1,000. */
  readonly maxEntries?: number
  /** Default one hour; 0: never forgotten. */
  readonly ttlMs?: number
  readonly clock?: Clock
}

/** An answer to a question that was near enough. */
export interface SemanticHit {
  readonly value: unknown
  readonly similarity: number
  /** ms since 1970. */
  readonly storedAt: number
}

/** See {@link semanticCache}. */
export interface SemanticCache {
  /** The nearest answer of this scope at or above the floor. */
  find(scope: string, text: string, signal?: AbortSignal): Promise<SemanticHit | undefined>
  keep(scope: string, text: string, value: unknown, signal?: AbortSignal): Promise<void>
  clear(): number
}

interface Kept {
  readonly scope: string
  readonly space: string
  readonly vector: readonly number[]
  readonly guard: string
  readonly storedAt: number
  readonly text: string
}

/**
 * Answers a question with the answer to one that is nearly the same. **Wrong answers are possible**, which is why
 * nothing uses this unless it is asked to. `scope` must be the key ({@link cacheKey}) of everything but the question
 * itself: callers, options and earlier turns are never mixed. Vectors of different spaces are never compared. Texts
 * whose numbers or negations differ are never the same, however near their vectors. Only vectors are kept of questions.
 * Errors: `bad-config` for a floor that is none.
 */
export function semanticCache(options: SemanticCacheOptions): SemanticCache {
  const { embed, floor, maxEntries = 1_000, ttlMs = 3_600_000, clock = systemClock } = options
  if (!(floor > 0 && floor <= 1)) {
    throw new OpenMuxError({
      code: 'bad-config',
      field: 'floor',
      message: 'floor must be a number above 0 up to 1.',
      hint: 'Measure it for your embedding model; 0.95 is a careful start for many.',
    })
  }
  let kept: Kept[] = []
  return {
    async find(scope, text, signal) {
      const now = clock.now()
      if (ttlMs > 0) kept = kept.filter(({ storedAt }) => now - storedAt < ttlMs)
      // No embedding is paid for when nothing could match.
      const near = kept.filter((entry) => entry.scope === scope && entry.guard === guardOf(text))
      if (near.length === 0) return undefined
      const { vector, space } = await embed(text, signal)
      const id = embeddingSpaceId(space)
      let best: { readonly entry: Kept; readonly similarity: number } | undefined
      for (const entry of near) {
        if (entry.space !== id || entry.vector.length !== vector.length) continue
        const similarity = cosine(entry.vector, vector)
        if (similarity >= floor && similarity > (best?.similarity ?? 0)) best = { entry, similarity }
      }
      if (best === undefined) return undefined
      const { entry, similarity } = best
      return { value: JSON.parse(entry.text) as unknown, similarity, storedAt: entry.storedAt }
    },
    async keep(scope, text, value, signal) {
      const { vector, space } = await embed(text, signal)
      kept.push({
        scope,
        space: embeddingSpaceId(space),
        vector: [...vector],
        guard: guardOf(text),
        storedAt: clock.now(),
        text: JSON.stringify(value),
      })
      if (kept.length > maxEntries) kept = kept.slice(-maxEntries)
    },
    clear() {
      const { length } = kept
      kept = []
      return length
    },
  }
}

/** What similar vectors hide and answers depend on: numbers, and whether something is negated. */
function guardOf(text: string): string {
  const lower = text.toLowerCase()
  const numbers = lower.match(/\d+(?:[.,:]\d+)*/g) ?? []
  const negations =
    lower.match(
      /\b(?:not|no|never|without|nicht|kein\w*|nie|ohne|pas|jamais|sans|sin|nunca|non)\b|n['’]t\b|不|没|ない|안\s/g,
    ) ?? []
  return `${numbers.join(' ')}|${negations.length}`
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let dot = 0
  let lengthA = 0
  let lengthB = 0
  for (const [at, valueA] of a.entries()) {
    const valueB = b[at] ?? 0
    dot += valueA * valueB
    lengthA += valueA * valueA
    lengthB += valueB * valueB
  }
  const both = Math.sqrt(lengthA * lengthB)
  return both > 0 ? Math.min(1, dot / both) : 0
}
