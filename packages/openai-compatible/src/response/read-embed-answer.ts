import { defined, type JsonObject, listOf, objectOf, textOf } from '@openmux/http'
import { readUsage } from './usage.js'
import { base64ToFloats } from './base64-floats.js'

/** An answer of `POST /embeddings`. */
export interface EmbedAnswer {
  /** In the order of the inputs. */
  readonly vectors: readonly (readonly number[])[]
  readonly model?: string
  readonly inputTokens?: number
}

/**
 * Reads an answer to `count` texts: vectors as numbers or base64, put in order by `index`. Otherwise what is wrong
 * with it, in words: too few or too many vectors, an index twice, something that is no vector.
 */
export function readEmbedAnswer(value: unknown, count: number): EmbedAnswer | string {
  const answer = objectOf(value)
  // A bare list of entries comes from small servers.
  const entries = Array.isArray(value) ? value : answer?.['data']
  if (!Array.isArray(entries)) return 'JSON without a list of vectors'
  if (entries.length !== count) return `${entries.length} vectors for ${count} texts`
  const vectors: (readonly number[])[] = []
  for (const [place, entry] of (entries as readonly unknown[]).entries()) {
    const item = objectOf(entry) ?? {}
    const index = item['index'] ?? place
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= count)
      return 'a vector for a text that was not sent'
    if (vectors[index] !== undefined) return `two vectors for text ${index}`
    const vector = readVector(item['embedding'])
    if (vector === undefined) return `something that is no vector for text ${index}`
    vectors[index] = vector
  }
  return { vectors, ...defined({ model: textOf(answer?.['model']), inputTokens: inputTokensOf(answer) }) }
}

function readVector(value: unknown): readonly number[] | undefined {
  const numbers: readonly unknown[] | undefined =
    typeof value === 'string' ? base64ToFloats(value) : listOf(value)
  if (numbers === undefined || numbers.length === 0 || !numbers.every(isFiniteNumber)) return undefined
  return numbers
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function inputTokensOf(answer: JsonObject | undefined): number | undefined {
  return readUsage(answer?.['usage'])?.inputTokens
}
