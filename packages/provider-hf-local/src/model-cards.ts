import type { EmbeddingSpace, ModelCard } from '@openmux/core'
import type { ModelFolder } from './cache/model-folder.js'
import { CAPABILITIES } from './capabilities.js'
import type { DefaultModel } from './default-models.js'
import { spaceName } from './model-reference.js'
import type { ModelOptions } from './options.js'
import type { Pooling } from './worker/pooling.js'

/** How vectors of a model are made. */
export interface VectorSettings {
  readonly pooling: Pooling
  readonly normalize: boolean
}

/** What the user wished, else what the model's files say, else mean and length 1. */
export function vectorSettings(found: ModelFolder, wishes: ModelOptions | undefined): VectorSettings {
  return {
    pooling: wishes?.pooling ?? found.pooling ?? 'mean',
    normalize: wishes?.normalize ?? found.normalizes,
  }
}

/** The identity of the vectors that this model will make. */
export function spaceOf(
  id: string,
  found: ModelFolder,
  vectors: VectorSettings,
  dimensions: number,
): EmbeddingSpace {
  const revision = found.manifest?.commit
  return {
    model: spaceName(id),
    dimensions,
    pooling: vectors.pooling,
    normalized: vectors.normalize,
    ...(revision === undefined ? {} : { revision }),
  }
}

/** The card of a model on disk. */
export function installedCard(
  id: string,
  found: ModelFolder,
  facts: {
    readonly loaded: boolean
    readonly wishes?: ModelOptions
    readonly dtype?: string
    readonly bytes?: number
  },
): ModelCard {
  const contextTokens = facts.wishes?.contextTokens ?? found.contextTokens
  const space =
    found.task === 'embeddings' && found.dimensions !== undefined
      ? spaceOf(id, found, vectorSettings(found, facts.wishes), found.dimensions)
      : undefined
  const lastResort = facts.wishes?.lastResort
  return {
    id,
    // Who answers because nobody else can is no coder.
    tasks: lastResort !== undefined && found.task === 'chat' ? ['chat'] : found.tasks,
    state: facts.loaded ? 'loaded' : 'installed',
    free: true,
    ...(lastResort === undefined ? {} : { lastResort }),
    ...(found.task === 'chat' ? { supports: CAPABILITIES } : {}),
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(space === undefined ? {} : { space }),
    ...(facts.dtype === undefined ? {} : { quantization: facts.dtype }),
    ...(facts.bytes === undefined ? {} : { sizeBytes: facts.bytes }),
  }
}

/** The card of a default that is not fetched yet. */
export function defaultCard(model: DefaultModel): ModelCard {
  return {
    id: model.id,
    tasks: model.tasks,
    state: 'downloadable',
    contextTokens: model.contextTokens,
    free: true,
    sizeBytes: model.approximateBytes,
    parameters: model.parameters,
    quantization: model.dtype,
    ...(model.space === undefined ? { supports: CAPABILITIES } : { space: model.space }),
  }
}

/** The card of a model of the hub that the user named, of which nothing but the name is known. */
export function unknownCard(id: string, tasks: ModelCard['tasks']): ModelCard {
  return { id, tasks, state: 'downloadable', free: true }
}
