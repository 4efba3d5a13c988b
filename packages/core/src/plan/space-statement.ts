import type { EmbeddingSpace } from '../contract/embedding-space.js'
import type { Provider } from '../contract/provider.js'
import { OpenMuxError } from '../errors/openmux-error.js'

/** Providers, and what was stated of the models of each. */
export interface StatedSpaces {
  /** With the stated spaces on their cards and answers. */
  readonly providers: readonly Provider[]
  /** For a model that its provider does not list, for instance because nobody serves it any more. */
  spaceOf(providerId: string, model: string): EmbeddingSpace | undefined
}

/** What the user states of embedding spaces, applied to providers: `stateSpaces([…])` of `@openmux/core/embeddings`. */
export type SpaceStatement = (providers: readonly Provider[]) => StatedSpaces

/** Applies a statement, if there is one. Throws `bad-config` for what is none. */
export function withStatedSpaces(
  providers: readonly Provider[],
  statement: SpaceStatement | undefined,
): StatedSpaces {
  if (statement === undefined) return { providers, spaceOf: () => undefined }
  if (typeof statement !== 'function') {
    throw new OpenMuxError({
      code: 'bad-config',
      field: 'spaces',
      message: 'spaces must be a statement of spaces.',
      hint: 'Give it as stateSpaces([…]), from @openmux/core/embeddings.',
    })
  }
  return statement(providers)
}
