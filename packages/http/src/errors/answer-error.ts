import { OpenMuxError, type UpstreamAnswer } from '@openmux/core'
import type { ResponseHeaders } from '../transport/response-headers.js'
import { cleanUpstream, type ErrorOrigin } from './dress-error.js'
import type { ErrorExplainer, FailedAnswer } from './failed-answer.js'
import { statusVerdict } from './status-verdict.js'

/** Headers by which upstreams name a request for their support, the most specific first. */
const REQUEST_ID_HEADERS = [
  'x-request-id',
  'request-id',
  'x-amzn-requestid',
  'x-generation-id',
  'cf-ray',
] as const

/** The typed error for a failed answer: by the upstream's own table, else by the general one. */
export function answerError(
  answer: FailedAnswer,
  origin: ErrorOrigin,
  explain: ErrorExplainer | undefined,
): OpenMuxError {
  const verdict = explain?.(answer) ?? statusVerdict(answer)
  const requestId = requestIdOf(answer.headers)
  const upstream: UpstreamAnswer = {
    status: answer.status,
    ...(answer.body === '' ? {} : { body: answer.body }),
    ...(verdict.upstreamCode === undefined ? {} : { code: verdict.upstreamCode }),
    ...(requestId === undefined ? {} : { requestId }),
  }
  return new OpenMuxError({
    code: verdict.code,
    message: verdict.message,
    hint: verdict.hint,
    scope: verdict.scope,
    next: verdict.next,
    until: verdict.until,
    provider: origin.provider,
    model: origin.model,
    upstream: cleanUpstream(upstream, origin.secrets),
    secrets: origin.secrets,
  })
}

function requestIdOf(headers: ResponseHeaders): string | undefined {
  const name = REQUEST_ID_HEADERS.find((header) => headers[header] !== undefined)
  return name === undefined ? undefined : headers[name]?.slice(0, 200)
}
