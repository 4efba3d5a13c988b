import { type CallContext, systemClock } from '@openmux/core'
import type { TransportRequest } from '../../src/index.js'

export function callContext(signal: AbortSignal = new AbortController().signal): CallContext {
  return { signal, clock: systemClock }
}

export function transportRequest(url: string, changes: Partial<TransportRequest> = {}): TransportRequest {
  return {
    method: 'GET',
    url,
    headers: {},
    signal: new AbortController().signal,
    timeouts: { connectMs: 5_000, headersMs: 0, idleMs: 0 },
    ...changes,
  }
}
