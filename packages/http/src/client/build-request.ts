import { OpenMuxError } from '@openmux/core'
import { mergeTimeouts, type TransportTimeouts } from '../transport/timeouts.js'
import type { TransportRequest } from '../transport/transport.js'
import type { BaseURL } from './base-url.js'
import type { HttpCall } from './http-call.js'
import { checkedHeaders, refuseExposedKey } from './request-headers.js'
import { requestURL } from './request-url.js'

/** What all requests of one client have in common. */
export interface RequestBase {
  readonly provider: string
  readonly base: BaseURL
  /** Checked, with the key. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether keys may be sent to `base`. */
  readonly keysAllowed: boolean
  readonly timeouts: Readonly<TransportTimeouts>
}

/** The request for `call`. Throws `bad-request` or `bad-config` naming the field at fault. */
export function buildRequest(call: HttpCall, accept: string, common: RequestBase): TransportRequest {
  const { provider } = common
  const body = call.json === undefined ? call.bytes : toJson(call.json, provider)
  return {
    method: call.method ?? (body === undefined ? 'GET' : 'POST'),
    url: requestURL(common.base.href, call.path, provider),
    headers: headersOf(call, accept, common),
    ...(body === undefined ? {} : { body }),
    signal: call.context.signal,
    timeouts: mergeTimeouts(common.timeouts, call.timeouts),
  }
}

function headersOf(call: HttpCall, accept: string, common: RequestBase): Record<string, string> {
  // Compression would hold back the pieces of a stream until a block is full.
  const headers: Record<string, string> = { accept, 'accept-encoding': 'identity' }
  if (call.json !== undefined) headers['content-type'] = 'application/json'
  else if (call.bytes !== undefined) headers['content-type'] = 'application/octet-stream'
  Object.assign(headers, common.headers)
  if (call.headers === undefined) return headers
  const own = checkedHeaders(call.headers, common.provider)
  if (!common.keysAllowed) refuseExposedKey(own, common.base.host, common.provider)
  return Object.assign(headers, own)
}

function toJson(value: unknown, provider: string): string {
  try {
    const text: string | undefined = JSON.stringify(value)
    if (text !== undefined) return text
  } catch {
    // A cycle or a bigint; told below without the engine's words, which may quote the value.
  }
  throw new OpenMuxError({
    code: 'bad-request',
    provider,
    field: 'json',
    message: `The body for ${provider} cannot be written as JSON.`,
    hint: 'Look for a cycle, a bigint or a function in the request.',
  })
}
