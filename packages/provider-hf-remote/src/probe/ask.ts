import type { CallContext } from '@openmux/core'
import type { ProbeFinding } from '@openmux/core/probe'
import { type ProbeRequest, probeRequest } from '@openmux/http'
import { errorIn } from '@openmux/openai-compatible'
import type { RemoteEngine } from '../remote-engine.js'

/** One question to the router or the hub, with the token where there is one. Throws `aborted` only. */
export function ask(
  engine: RemoteEngine,
  request: Omit<ProbeRequest, 'hasKey' | 'isInBandError'>,
  context: CallContext,
): Promise<ProbeFinding> {
  const hasKey = engine.token.value !== undefined
  return probeRequest({ ...request, hasKey, isInBandError }, context)
}

/** Errors inside a success exist on every route. */
export function isInBandError(value: unknown): boolean {
  return errorIn(value) !== undefined
}
