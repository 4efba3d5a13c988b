import { OpenMuxError } from '../errors/openmux-error.js'
import type { EmbedInput } from '../orchestrator/embed-input.js'
import type { OpenMux } from '../orchestrator/openmux.js'
import type { AnswerStore } from './answer-store.js'
import type { KeyedRequest } from './cache-key.js'
import type { SemanticCache, SemanticCacheOptions, SemanticHit } from './semantic-cache.js'

/** A question and the request around it. */
interface Asked {
  readonly question: string
  readonly rest: KeyedRequest
}

/** A semantic cache whose faults cost no answer. */
export class SimilarAnswers {
  readonly #semantic: SemanticCache
  readonly #store: AnswerStore
  readonly #report: (thrown: unknown) => void

  constructor(semantic: SemanticCache, store: AnswerStore, report: (thrown: unknown) => void) {
    this.#semantic = semantic
    this.#store = store
    this.#report = report
  }

  async find({ question, rest }: Asked, signal: AbortSignal | undefined): Promise<SemanticHit | undefined> {
    try {
      return await this.#semantic.find(await this.#store.keyOf(rest), question, signal)
    } catch (thrown) {
      this.#report(thrown)
      return undefined
    }
  }

  async keep({ question, rest }: Asked, value: unknown): Promise<void> {
    try {
      await this.#semantic.keep(await this.#store.keyOf(rest), question, value)
    } catch (thrown) {
      this.#report(thrown)
    }
  }

  clear(): number {
    return this.#semantic.clear()
  }
}

/**
 * Vectors for a {@link semanticCache} out of an OpenMux. Name a model (or a `space`): when another one answers, what
 * was kept before is not found again, because vectors of two spaces are never compared.
 */
export function embedWith(
  openmux: Pick<OpenMux, 'embed'>,
  input: Omit<EmbedInput, 'input' | 'signal'> = {},
): SemanticCacheOptions['embed'] {
  return async (text, signal) => {
    const { vectors, space } = await openmux.embed({
      ...input,
      input: text,
      ...(signal !== undefined && { signal }),
    })
    const [vector] = vectors
    if (vector === undefined) throw new OpenMuxError({ code: 'bad-response', message: 'No vector came.' })
    return { vector, space }
  }
}
