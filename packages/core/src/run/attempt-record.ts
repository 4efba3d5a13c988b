import type { Attempt, FollowedBy } from '../contract/attempt.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import type { Candidate } from './candidate.js'

/** The record of one try. */
export function attemptRecord(
  candidate: Candidate,
  startedAt: number,
  now: number,
  error?: OpenMuxError,
): Attempt {
  return {
    provider: candidate.provider.id,
    model: candidate.model,
    startedAt,
    durationMs: now - startedAt,
    outcome: error === undefined ? 'answered' : error.code === 'aborted' ? 'aborted' : 'failed',
    ...(error !== undefined && { code: error.code, message: error.message }),
    ...(error?.until !== undefined && { until: error.until }),
  }
}

/** What follows a failure when somebody else is asked. */
export function failoverTo(candidate: Candidate | undefined): FollowedBy | undefined {
  return candidate && { move: 'failover', provider: candidate.provider.id, model: candidate.model }
}
