import type { ErrorCode } from '@openmux/core'
import { asOpenMuxError } from './as-error.js'
import type { WireError } from '../wire/error.js'

/** An error as an HTTP answer. */
export interface WrittenError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: WireError
}

/** Status, `type` and `code` of an error, as OpenAI's clients expect them. */
type WireKind = readonly [status: number, type: string, code: string | null]

const INVALID = 'invalid_request_error'
const KINDS: Readonly<Record<ErrorCode, WireKind>> = {
  auth: [401, INVALID, 'invalid_api_key'],
  credits: [402, 'insufficient_quota', 'insufficient_quota'],
  'rate-limit': [429, 'rate_limit_error', 'rate_limit_exceeded'],
  quota: [429, 'insufficient_quota', 'insufficient_quota'],
  'model-not-found': [404, INVALID, 'model_not_found'],
  'model-not-served': [404, INVALID, 'model_not_found'],
  unsupported: [400, INVALID, 'unsupported'],
  region: [403, 'permission_error', 'unsupported_country_region_territory'],
  'endpoint-gone': [502, 'server_error', 'upstream_error'],
  'endpoint-moved': [502, 'server_error', 'upstream_error'],
  'not-found': [404, INVALID, 'not_found'],
  'bad-request': [400, INVALID, null],
  'too-large': [413, INVALID, 'request_too_large'],
  'context-too-long': [400, INVALID, 'context_length_exceeded'],
  'content-filter': [400, INVALID, 'content_filter'],
  'model-fault': [502, 'server_error', 'model_fault'],
  'needs-setup': [503, 'server_error', 'needs_setup'],
  timeout: [504, 'server_error', 'timeout'],
  network: [502, 'server_error', 'upstream_error'],
  truncated: [502, 'server_error', 'upstream_error'],
  'bad-response': [502, 'server_error', 'upstream_error'],
  unavailable: [503, 'server_error', 'overloaded'],
  loading: [503, 'server_error', 'model_loading'],
  aborted: [499, INVALID, 'aborted'],
  'provider-disabled': [503, 'server_error', 'provider_disabled'],
  'no-candidate': [503, 'server_error', 'no_candidate'],
  'all-failed': [503, 'server_error', 'upstream_error'],
  'bad-config': [500, 'server_error', 'bad_config'],
}

/**
 * Any thrown thing as an error body: all four members, a text as message, no keys. The hint is part of the message,
 * because clients show nothing else.
 */
export function toWireError(thrown: unknown): WireError {
  const error = asOpenMuxError(thrown)
  const [, type, code] = KINDS[error.code]
  const message = error.message.includes(error.hint) ? error.message : `${error.message} ${error.hint}`
  return { error: { message, type, param: error.field ?? null, code } }
}

/**
 * Any thrown thing as an HTTP answer. `x-should-retry: false` tells the `openai` client not to repeat what waiting
 * cannot cure; `retry-after` (whole seconds, rounded up) says when.
 * @param now ms since 1970.
 */
export function writeError(thrown: unknown, now: number): WrittenError {
  const error = asOpenMuxError(thrown)
  const [status] = KINDS[error.code]
  const { until } = error
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...(until === 'never' ? { 'x-should-retry': 'false' } : {}),
      ...(typeof until === 'number' && until > now
        ? { 'retry-after': String(Math.ceil((until - now) / 1000)) }
        : {}),
    },
    body: toWireError(error),
  }
}
