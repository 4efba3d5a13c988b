import type { Environment, HttpClient } from '@openmux/http'
import type { Token } from './config/token.js'
import type { MappingLookup } from './mapping/mapping-lookup.js'

/** The parts of one `hfRemote()`, made once and shared by its members. */
export interface RemoteEngine {
  readonly id: string
  readonly token: Token
  /** The router without `/v1`, for the paths of providers. */
  readonly router: HttpClient
  readonly hub: HttpClient
  readonly mapping: MappingLookup
  /** Texts in one request. */
  readonly embedBatch: number
  readonly allowPaid: boolean
  /** Names the proxies to go by, and nothing else. */
  readonly environment: Environment
}
