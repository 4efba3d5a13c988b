import type { ErrorCode, ErrorScope } from '@openmux/core'
import type { FixtureMark } from '../../openai/fixture.js'

/** One error answer of OpenRouter, and what a right reader makes of it. */
export interface OpenRouterErrorCase {
  readonly name: string
  /** Repository, document or recording it was taken from. */
  readonly source: string
  readonly mark: FixtureMark
  /** The model asked for. Default {@link CORPUS_MODEL}. */
  readonly model?: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A text as it is (`{key}` becomes the key of the request), or a value as JSON. */
  readonly body: unknown
  readonly expected: {
    readonly code: ErrorCode
    readonly scope: ErrorScope
    /** ms since 1970 when it is {@link CORPUS_NOW}. Absent: not told, or waiting never helps. */
    readonly until?: number
    /** Words the message must show. */
    readonly shows?: string
    /** Words the hint must hold. */
    readonly hints?: string
  }
}

/** The moment at which the answers come: 2026-08-16, 12:00 UTC. */
export const CORPUS_NOW = Date.UTC(2026, 7, 16, 12)
/** The model that is asked unless the case names another. */
export const CORPUS_MODEL = 'google/gemma-4-31b-it:free'

/** Where the answers were taken from. */
export const ERRORS = 'OpenRouterTeam/docs api_reference/errors-and-debugging.mdx'
export const LIMITS = 'OpenRouterTeam/docs api_reference/limits.mdx'
export const CHANGES = 'OpenRouterTeam/docs changelog.mdx, August 2026'
export const OPENAPI = 'OpenRouterTeam/docs openapi/openapi.yaml'
export const RECORDED = 'answers of openrouter.ai recorded in public issues and test fixtures, 2025 and 2026'
/** The next 00:00 UTC. */
export const MIDNIGHT = Date.UTC(2026, 7, 17)
/** A reset as the live service wrote it. */
export const RESET = 1_786_912_200_000
/** A model that costs something. */
export const PAID = 'openai/gpt-5.5-mini'

/** The usual envelope. */
export function failed(code: number, message: string, metadata?: object): object {
  return {
    error: { message, code, ...(metadata === undefined ? {} : { metadata }) },
    user_id: 'user_2xFixture',
  }
}

/** The envelope with a stable name of the kind. */
export function typed(code: number, type: string, message: string): object {
  return failed(code, message, { error_type: type })
}

/** An availability error: without `code` in `error`. */
export function availability(status: number, code: string, message: string, more: object = {}): object {
  return {
    error: {
      message,
      error_type: status === 429 ? 'rate_limit_exceeded' : 'not_found',
      http_status: status,
      availability: {
        code,
        retryable: false,
        requested_models: [CORPUS_MODEL],
        docs_url: 'https://openrouter.ai/docs',
        ...more,
      },
      metadata: { previous_errors: [] },
    },
  }
}

/** The counts as the metadata carries them. */
export function counts(limit: number, reset: number): object {
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(reset),
  }
}

/** An upstream's own failure in OpenRouter's frame. */
export function upstream(code: number, raw: unknown, more: object = {}): object {
  return failed(code, 'Provider returned error', {
    raw,
    provider_name: 'Google AI Studio',
    is_byok: false,
    ...more,
  })
}
