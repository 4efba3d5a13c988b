import { defined, listOf, objectOf, positiveOf, textOf } from '@openmux/http'
import { type OllamaModelDetails, readModelDetails, readCapabilities } from './model-details.js'

/** A model the server has, from `GET /api/tags`. */
export interface OllamaModel extends OllamaModelDetails {
  /** With its tag: `llama3.2:latest`. */
  readonly name: string
  /** Identity of the weights and their settings, 64 hexadecimal digits. */
  readonly digest?: string
  readonly sizeBytes?: number
  /** Set for models that run on somebody else's machine: they are only named here. */
  readonly remoteHost?: string
  readonly remoteModel?: string
  /** Newer servers (0.30 on) tell these here; older ones only in `show`. */
  readonly capabilities?: readonly string[]
  readonly contextTokens?: number
  readonly embeddingLength?: number
}

/** Reads the answer of `GET /api/tags`; undefined when it is not one. */
export function readTags(value: unknown): readonly OllamaModel[] | undefined {
  const answer = objectOf(value)
  // An empty list may come as null.
  if (answer === undefined || !('models' in answer)) return undefined
  return listOf(answer['models']).flatMap((item) => readModel(item) ?? [])
}

function readModel(value: unknown): OllamaModel | undefined {
  const model = objectOf(value)
  const name = textOf(model?.['name']) ?? textOf(model?.['model'])
  if (model === undefined || name === undefined) return undefined
  const details = objectOf(model['details'])
  return defined({
    name,
    digest: textOf(model['digest']),
    sizeBytes: positiveOf(model['size']),
    remoteHost: textOf(model['remote_host']),
    remoteModel: textOf(model['remote_model']),
    capabilities: readCapabilities(model['capabilities']),
    contextTokens: positiveOf(details?.['context_length']),
    embeddingLength: positiveOf(details?.['embedding_length']),
    ...readModelDetails(details),
  })
}
