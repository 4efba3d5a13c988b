import {
  type ErrorVerdict,
  type FailedAnswer,
  type JsonObject,
  objectOf,
  statusVerdict,
  textOf,
} from '@openmux/http'
import { errorIn } from './in-band-error.js'

/** The status an error would have had, by its `type` or `code` (OpenAI's error guide; `error_type` of OpenRouter and TGI). */
const STATUS_OF_WORD: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  invalid_request: 400,
  authentication_error: 401,
  authentication: 401,
  invalid_api_key: 401,
  insufficient_quota: 402,
  payment_required: 402,
  permission_error: 403,
  permission_denied: 403,
  validation: 422,
  generation: 424,
  incomplete_generation: 500,
  not_found_error: 404,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  tokens: 429,
  requests: 429,
  server_error: 500,
  internal_server_error: 500,
  internal_error: 500,
  api_error: 500,
  server: 500,
  upstream_error: 502,
  provider_unavailable: 502,
  overloaded: 503,
  overloaded_error: 503,
  provider_overloaded: 503,
  service_unavailable: 503,
  unavailable: 503,
  timeout: 504,
}

/**
 * The table for what is particular to this format; undefined leaves the decision to the general one. An error
 * inside a success is judged by the status it names or would have had; a refusal of `dimensions` is `unsupported`.
 */
export function explainOpenAIError(answer: FailedAnswer): ErrorVerdict | undefined {
  const status = answer.status < 300 ? statusInBand(answer.json) : undefined
  const verdict = statusVerdict(status === undefined ? answer : { ...answer, status })
  if (verdict.code === 'bad-request' && isAboutDimensions(answer)) {
    return {
      ...verdict,
      code: 'unsupported',
      hint: 'Leave `dimensions` out, or use a model trained for shorter vectors.',
    }
  }
  return status === undefined ? undefined : verdict
}

/** `code`, `http_status` and `status` as numbers or texts; else the words of `type`, `code` and `error_type`. */
function statusInBand(json: unknown): number | undefined {
  const outer = errorIn(json)
  if (outer === undefined) return undefined
  const error = objectOf(outer['error']) ?? outer
  const numbers = [
    error['code'],
    error['http_status'],
    error['status_code'],
    error['status'],
    outer['status_code'],
  ]
  const named = numbers
    .map(Number)
    .find((status) => Number.isInteger(status) && status >= 400 && status <= 599)
  return (
    named ??
    wordsOf(error)
      .map((word) => STATUS_OF_WORD[word])
      .find((status) => status !== undefined)
  )
}

function wordsOf(error: JsonObject): readonly string[] {
  const words = [
    objectOf(error['metadata'])?.['error_type'],
    error['error_type'],
    error['code'],
    error['type'],
  ]
  return words
    .flatMap((word) => textOf(word)?.toLowerCase() ?? [])
    .filter((word) => Object.hasOwn(STATUS_OF_WORD, word))
}

/** OpenAI names the parameter; vLLM says "does not support matryoshka representation". */
function isAboutDimensions({ json, body, path }: FailedAnswer): boolean {
  if (!path.includes('embed')) return false
  const error = objectOf(objectOf(json)?.['error']) ?? objectOf(json)
  return (
    error?.['param'] === 'dimensions' ||
    /matryoshka|(?:support|invalid)[^.]{0,60}\bdimensions?\b|\bdimensions?\b[^.]{0,60}(?:support|invalid|not permitted)/i.test(
      body,
    )
  )
}
