import type { CallContext } from '@openmux/core'
import { type CallScopes, type HttpClient, inCallScope } from '@openmux/http'
import type { KeepAlive } from './config/options.js'
import { failureOfCall } from './errors/about-model.js'
import type { Loader } from './loading/loader.js'
import type { Catalog } from './models/catalog.js'
import type { ModelFacts } from './models/model-facts.js'
import type { ServerApi } from './server-api.js'

/** The parts of one provider, made once and shared by its members. */
export interface Engine {
  readonly client: HttpClient
  readonly api: ServerApi
  readonly catalog: Catalog
  readonly loader: Loader
  readonly scopes: CallScopes
  readonly settings: EngineSettings
}

/** The options that calls depend on, with their defaults. */
export interface EngineSettings {
  readonly host: string
  readonly isCloud: boolean
  readonly hasKey: boolean
  readonly cloudModels: boolean
  readonly embedBatch: number
  readonly contextTokens?: number
  readonly maxContextTokens?: number
  readonly keepAlive?: KeepAlive
  readonly memoryBytes?: number
}

/** Runs `work` as a call of its own: it ends with the caller or with the provider. */
export async function asCall<T>(
  { scopes }: Engine,
  context: CallContext,
  model: string | undefined,
  work: (context: CallContext) => Promise<T>,
): Promise<T> {
  try {
    return await inCallScope(scopes, context, model, work)
  } catch (error) {
    throw failureOfCall(error, model)
  }
}

/** Whether the instance in memory has exactly the window that is wanted: any other makes the server load anew. */
export function isLoadedFor({ running }: ModelFacts, contextTokens: number | undefined): boolean {
  if (running === undefined) return false
  // An old server does not tell the window: then the request itself has to do.
  return (
    contextTokens === undefined ||
    running.contextTokens === undefined ||
    running.contextTokens === contextTokens
  )
}
