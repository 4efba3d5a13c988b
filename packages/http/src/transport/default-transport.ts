import type { Environment } from '../proxy/environment.js'
import { type FetchLike, fetchTransport } from './fetch-transport.js'
import type { Transport } from './transport.js'
import { undiciTransport } from './undici-transport.js'

/**
 * The best transport here: undici on Node, the runtime's own `fetch` elsewhere (Bun, Deno, edge, browser).
 * @param environment names the proxies to go by (Node only). Default: `process.env`.
 */
export function defaultTransport(environment?: Environment): Transport {
  if (!isNode()) return fetchTransport(globalFetch)
  return undiciTransport(environment === undefined ? {} : { environment })
}

/** Looked up with every call, so that a `fetch` replaced later (by a test, by a tracer) is used. */
const globalFetch: FetchLike = (input, init) => globalThis.fetch(input, init)

/** Bun and Deno also say they are Node, but bring sockets of their own. */
export function isNode(): boolean {
  if (typeof process === 'undefined' || 'Bun' in globalThis || 'Deno' in globalThis) return false
  const versions: Readonly<Record<string, string | undefined>> | undefined = process.versions
  return versions?.['node'] !== undefined
}
