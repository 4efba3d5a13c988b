import type { EmbeddingSpace } from '../contract/embedding-space.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { EmbedInput } from '../orchestrator/embed-input.js'
import type { OpenMux } from '../orchestrator/openmux.js'

/** Sentences with the vectors they had when an index was made. Plain JSON, to be stored beside the index. */
export interface SpaceReference {
  readonly space: EmbeddingSpace
  /** As the sentences were embedded: it changes the vectors of many models. */
  readonly purpose?: 'query' | 'document'
  readonly samples: readonly SpaceSample[]
}

/** One sentence and its vector. */
export interface SpaceSample {
  readonly text: string
  readonly vector: readonly number[]
}

/**
 * Sentences that differ in what embedding models differ in: language and script, numbers, code, negation, length,
 * spelling. Six are enough to tell models apart and cost next to nothing.
 */
export const REFERENCE_SENTENCES: readonly string[] = [
  'The harbour froze over in the winter of 1893, and ships waited outside for six weeks.',
  'The harbour did not freeze over that winter.',
  'Der Bäcker öffnet sonntags um 7:30 Uhr – außer an Feiertagen.',
  '東京の春は桜で有名です。',
  'for (const row of rows) total += row.price * 1.19',
  'ok',
]

/** Who embeds, and which sentences. */
export interface TakeReferenceOptions extends Omit<EmbedInput, 'input'> {
  /** Default {@link REFERENCE_SENTENCES}; some of your own documents are better still. */
  readonly texts?: readonly string[]
}

/**
 * Embeds reference sentences, once, when an index is made: name the same model and `purpose` that the index is made
 * with. Errors: those of `embed`.
 */
export async function takeReference(
  openmux: Pick<OpenMux, 'embed'>,
  options: TakeReferenceOptions = {},
): Promise<SpaceReference> {
  const { texts = REFERENCE_SENTENCES, ...input } = options
  const { space, vectors } = await openmux.embed({ ...input, input: texts })
  return {
    space,
    ...(input.purpose !== undefined && { purpose: input.purpose }),
    samples: texts.map((text, index) => ({ text, vector: vectors[index] ?? [] })),
  }
}

/** Reads a reference that comes from a file. Errors: `bad-request` with the `field` that is wrong. */
export function readReference(value: unknown, field = 'reference'): SpaceReference {
  const { space, samples, purpose } = fields(value, field)
  const { model, revision, dimensions, pooling, normalized } = fields(space, `${field}.space`)
  if (typeof model !== 'string') throw wrong(`${field}.space.model`, 'a name')
  if (revision !== undefined && typeof revision !== 'string') throw wrong(`${field}.space.revision`, 'a text')
  if (typeof dimensions !== 'number') throw wrong(`${field}.space.dimensions`, 'a number')
  if (typeof pooling !== 'string') throw wrong(`${field}.space.pooling`, 'a text')
  if (typeof normalized !== 'boolean') throw wrong(`${field}.space.normalized`, 'true or false')
  if (purpose !== undefined && purpose !== 'query' && purpose !== 'document')
    throw wrong(`${field}.purpose`, 'query or document')
  if (!Array.isArray(samples) || samples.length === 0) throw wrong(`${field}.samples`, 'at least one sample')
  for (const [index, sample] of (samples as readonly unknown[]).entries()) {
    const at = `${field}.samples[${index}]`
    const { text, vector } = fields(sample, at)
    if (typeof text !== 'string' || text === '') throw wrong(`${at}.text`, 'a text that is not empty')
    const isVector = Array.isArray(vector) && vector.length === dimensions && vector.every(Number.isFinite)
    if (!isVector) throw wrong(`${at}.vector`, `${dimensions} numbers, as the space says`)
  }
  return value as SpaceReference
}

function fields(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw wrong(field, 'an object')
}

function wrong(field: string, expected: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-request',
    field,
    message: `${field} must be ${expected}.`,
    hint: 'Give a reference as takeReference() made it.',
  })
}
