import { defined, listOf, objectOf, positiveOf, textOf } from '@openmux/http'
import { type OllamaModelDetails, readModelDetails } from './model-details.js'

/** A model in memory, from `GET /api/ps`. One that is still being loaded is listed too. */
export interface OllamaRunningModel extends OllamaModelDetails {
  readonly name: string
  readonly digest?: string
  /** Memory it takes. */
  readonly sizeBytes?: number
  /** Part of it on a GPU. */
  readonly vramBytes?: number
  /** The window it was loaded with; absent on servers before 0.9. */
  readonly contextTokens?: number
  /** When it is unloaded if nobody asks, ISO 8601. */
  readonly expiresAt?: string
}

/** Reads the answer of `GET /api/ps`; undefined when it is not one. */
export function readRunning(value: unknown): readonly OllamaRunningModel[] | undefined {
  const answer = objectOf(value)
  if (answer === undefined || !('models' in answer)) return undefined
  return listOf(answer['models']).flatMap((item) => readModel(item) ?? [])
}

function readModel(value: unknown): OllamaRunningModel | undefined {
  const model = objectOf(value)
  const name = textOf(model?.['name']) ?? textOf(model?.['model'])
  if (model === undefined || name === undefined) return undefined
  return defined({
    name,
    digest: textOf(model['digest']),
    sizeBytes: positiveOf(model['size']),
    vramBytes: positiveOf(model['size_vram']),
    contextTokens: positiveOf(model['context_length']),
    expiresAt: textOf(model['expires_at']),
    ...readModelDetails(model['details']),
  })
}
