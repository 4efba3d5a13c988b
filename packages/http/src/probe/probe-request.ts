import { type CallContext, isOpenMuxError, type OpenMuxError } from '@openmux/core'
import { failureFinding, foundWithoutKey, type ProbeFinding } from '@openmux/core/probe'
import type { HttpCall } from '../client/http-call.js'
import type { HttpClient } from '../client/http-client.js'

/** Longest wait for one answer of a probe, ms. */
const PROBE_MS = 10_000

/** One question of a probe, and how its answer is read. */
export interface ProbeRequest {
  readonly client: HttpClient
  /** Whether the client sends a key: a refusal without one proves nothing. */
  readonly hasKey: boolean
  readonly call: Omit<HttpCall, 'context' | 'timeouts'>
  /** Whether a success holds an error, where the protocol has such. */
  readonly isInBandError?: (value: unknown) => boolean
  readonly answered: (value: unknown, status: number) => ProbeFinding
  /** Default: by the code of the error. */
  readonly refused?: (error: OpenMuxError) => ProbeFinding
}

/** Asks once, within 10 s, and says what the answer means. Throws `aborted` only. */
export async function probeRequest(request: ProbeRequest, context: CallContext): Promise<ProbeFinding> {
  const { client, hasKey, call, isInBandError, answered, refused = failureFinding } = request
  const timeouts = { connectMs: PROBE_MS, headersMs: PROBE_MS, idleMs: PROBE_MS }
  try {
    const { value, status, headers } = await client.json({ ...call, context, timeouts })
    if (isInBandError?.(value) === true)
      throw client.failure({ status, headers, body: value, path: call.path }, context)
    return answered(value, status)
  } catch (error) {
    if (!isOpenMuxError(error) || error.code === 'aborted') throw error
    const finding = refused(error)
    return hasKey ? finding : foundWithoutKey(finding)
  }
}

/** `as-expected`, with what was counted in the answer. */
export function foundSound(evidence: string, status: number): ProbeFinding {
  return { verdict: 'as-expected', evidence: `HTTP ${status}: ${evidence}`, status }
}

/** `changed-shape`, with what the answer lacks. */
export function foundChanged(evidence: string, status: number): ProbeFinding {
  return { verdict: 'changed-shape', evidence: `HTTP ${status}: ${evidence}`, status }
}

/** `gone`, for something that an answer no longer holds. */
export function foundGone(evidence: string, status: number): ProbeFinding {
  return { verdict: 'gone', evidence: `HTTP ${status}: ${evidence}`, status }
}
