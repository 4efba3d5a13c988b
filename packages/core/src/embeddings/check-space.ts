import type { EmbeddingSpace } from '../contract/embedding-space.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { EmbedInput } from '../orchestrator/embed-input.js'
import { checkNumber } from '../orchestrator/input-faults.js'
import type { OpenMux } from '../orchestrator/openmux.js'
import { compareVectors } from './compare-vectors.js'
import { readReference, type SpaceReference } from './space-reference.js'

/** Who is to be checked, and how strictly. */
export interface CheckSpaceOptions extends Omit<EmbedInput, 'input' | 'space' | 'purpose'> {
  /** As stored when the index was made. */
  readonly reference: SpaceReference
  /**
   * Least cosine similarity of each sentence's vector then and now, above 0 up to 1. Default 0.99: the same weights
   * on another machine agree to 0.9999 and better, rounded to 8 bits mostly to 0.99, and other models do not.
   */
  readonly leastSimilarity?: number
  /** Most by which lengths of vectors may differ, as a share. Default 0.02. */
  readonly lengthTolerance?: number
  /**
   * Whether whoever answers must also name the same space. Default true. `false` compares the vectors alone: for
   * finding out whether two models may be stated as one space (the option `spaces` of `createOpenMux`).
   */
  readonly sameIdentity?: boolean
}

/** One sentence, then and now. */
export interface SampleCheck {
  readonly text: string
  /** Cosine, from -1 to 1. */
  readonly similarity: number
  /** Length now as a multiple of then. */
  readonly lengthRatio: number
  readonly agrees: boolean
}

/** The outcome of a check. */
export interface SpaceCheck {
  readonly agrees: boolean
  /** Who was checked. */
  readonly provider: string
  readonly model: string
  /** The space as it is named now. */
  readonly space: EmbeddingSpace
  /** The least of all similarities. */
  readonly leastSimilarity: number
  readonly samples: readonly SampleCheck[]
}

/** The vectors do not agree with the reference: `unsupported`, with what was compared. */
export class SpaceMismatch extends OpenMuxError {
  readonly check: SpaceCheck

  constructor(check: SpaceCheck) {
    const { provider, model, samples, leastSimilarity } = check
    const off = samples.filter(({ agrees }) => !agrees).length
    super({
      code: 'unsupported',
      scope: 'model',
      provider,
      model,
      message: `The vectors of ${provider}/${model} are not those of the reference: ${off} of ${samples.length} sentences differ, the least similarity is ${leastSimilarity.toFixed(4)}.`,
      hint: 'Do not put these vectors into the index. Use the model and revision it was made with, or embed everything anew.',
    })
    this.check = check
  }
}

/**
 * Whether vectors made now may be compared with those of an index: embeds its reference sentences once more (one small
 * call) and compares. Worth a call when a program starts, or a provider, model or server was changed: names of models
 * and even revisions stay the same while weights, rounding or pooling change.
 *
 * Errors: {@link SpaceMismatch} (`unsupported`) when they differ, `bad-request` for a reference that is none, and
 * those of `embed`: nobody has a model of this space, for instance.
 */
export async function checkSpace(
  openmux: Pick<OpenMux, 'embed'>,
  options: CheckSpaceOptions,
): Promise<SpaceCheck> {
  const {
    reference: given,
    leastSimilarity = 0.99,
    lengthTolerance = 0.02,
    sameIdentity = true,
    ...input
  } = options
  const reference = readReference(given)
  checkNumber(
    'leastSimilarity',
    leastSimilarity,
    (value) => value > 0 && value <= 1,
    'a number above 0 up to 1',
  )
  checkNumber('lengthTolerance', lengthTolerance, (value) => value >= 0, 'a number from 0 up')
  const { samples, space, purpose } = reference
  const { vectors, ...answer } = await openmux.embed({
    ...input,
    input: samples.map(({ text }) => text),
    ...(purpose !== undefined && { purpose }),
    ...(sameIdentity && { space }),
  })
  const compared = samples.map(({ text, vector }, index): SampleCheck => {
    const { similarity, lengthRatio } = compareVectors(vector, vectors[index] ?? [])
    const agrees = similarity >= leastSimilarity && Math.abs(lengthRatio - 1) <= lengthTolerance
    return { text, similarity, lengthRatio, agrees }
  })
  const check: SpaceCheck = {
    agrees: compared.every(({ agrees }) => agrees),
    provider: answer.provider,
    model: answer.model,
    space: answer.space,
    leastSimilarity: Math.min(...compared.map(({ similarity }) => similarity)),
    samples: compared,
  }
  if (!check.agrees) throw new SpaceMismatch(check)
  return check
}
