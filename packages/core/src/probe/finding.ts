import type { ProbeVerdict } from '../contract/probe.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { OpenMuxError } from '../errors/openmux-error.js'

/** What was found at an endpoint. */
export interface ProbeFinding {
  readonly verdict: ProbeVerdict
  readonly evidence: string
  readonly status?: number
}

const BY_CODE: Readonly<Record<ErrorCode, ProbeVerdict>> = {
  'endpoint-gone': 'gone',
  'not-found': 'gone',
  'model-not-found': 'gone',
  'model-not-served': 'gone',
  'endpoint-moved': 'moved',
  auth: 'unauthorised',
  region: 'unauthorised',
  'needs-setup': 'unauthorised',
  credits: 'quota',
  quota: 'quota',
  'rate-limit': 'quota',
  network: 'unreachable',
  timeout: 'unreachable',
  unavailable: 'unreachable',
  loading: 'unreachable',
  aborted: 'unreachable',
  'bad-response': 'changed-shape',
  truncated: 'changed-shape',
  'too-large': 'changed-shape',
  // What the package sends was right when it was written.
  'bad-request': 'changed-shape',
  'bad-config': 'changed-shape',
  unsupported: 'changed-shape',
  'context-too-long': 'changed-shape',
  'content-filter': 'changed-shape',
  'model-fault': 'changed-shape',
  'provider-disabled': 'not-checked',
  'no-candidate': 'not-checked',
  'all-failed': 'unreachable',
}

/** Statuses of a server that has no such route, whatever its package makes of it for a user. */
const NO_ROUTE: readonly number[] = [404, 405, 410, 501]

/** What a failed question says about its endpoint. */
export function failureFinding(error: OpenMuxError): ProbeFinding {
  const isGone = error.code === 'needs-setup' && NO_ROUTE.includes(error.upstream?.status ?? 0)
  return { verdict: isGone ? 'gone' : BY_CODE[error.code], ...answerOf(error) }
}

/** Refusals that only somebody who has the route can give. */
const REFUSALS: readonly ErrorCode[] = ['bad-request', 'model-not-found', 'model-not-served', 'unsupported']

/**
 * What a request that nobody can serve (without a model, or for one that does not exist) says about its route. It
 * generates nothing, and being refused in words about the request is `as-expected`.
 */
export function routeFinding(error: OpenMuxError): ProbeFinding {
  // Words about a model may come with 410 too, and then it is the route that was retired.
  if (error.upstream?.status === 410) return { verdict: 'gone', ...answerOf(error) }
  return REFUSALS.includes(error.code)
    ? { verdict: 'as-expected', ...answerOf(error) }
    : failureFinding(error)
}

/** Status and words of a failure: the upstream's own where they are text, else ours about them. */
export function answerOf(error: OpenMuxError): Omit<ProbeFinding, 'verdict'> {
  const { status, body = '' } = error.upstream ?? {}
  const isPage = body.trimStart().startsWith('<')
  const moved = error.code === 'endpoint-moved'
  const words = body.trim() === '' || isPage || moved ? error.message : wordsIn(body)
  return status === undefined
    ? { evidence: words }
    : { evidence: words.startsWith('HTTP ') ? words : `HTTP ${status}: ${words}`, status }
}

/** The reason in the usual envelopes, `{error: "…"}`, `{error: {message}}`, `{message}`; else the whole text. */
function wordsIn(body: string): string {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return body
  }
  const error = memberOf(value, 'error')
  const reason = [error, memberOf(error, 'message'), memberOf(value, 'message')].find(
    (one) => typeof one === 'string' && one !== '',
  )
  return typeof reason === 'string' ? reason : body
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (Object.entries(value).find(([key]) => key === name)?.[1] as unknown)
    : undefined
}

/** A refusal by somebody who was sent no key says nothing about the endpoint: `not-checked`. Other findings stay. */
export function foundWithoutKey(finding: ProbeFinding): ProbeFinding {
  if (finding.verdict !== 'unauthorised') return finding
  return {
    ...finding,
    verdict: 'not-checked',
    evidence: `no key was sent, so it cannot be told; ${finding.evidence}`,
  }
}
