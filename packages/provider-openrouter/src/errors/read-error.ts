import { type FailedAnswer, membersOf, numberOf, type ResponseHeaders, textOf, textsOf } from '@openmux/http'
import type { JsonObject } from '@openmux/openai-compatible'
import { entryOf } from '../wire/entry-of.js'

/** Characters shown of what an upstream provider said. */
const MAX_RAW = 300

/** An error of OpenRouter, out of whichever of its forms. Texts are empty where nothing was said. */
export interface SaidError {
  /** What HTTP would have said: the status, or inside a success `code`, `http_status`, or the words. */
  readonly status: number
  readonly message: string
  /** `error_type`, the stable name of a kind of failure. */
  readonly type: string
  /** `availability.code`. */
  readonly availability: string
  /** What the availability error says beside its code. */
  readonly details: JsonObject
  /** `metadata.limit_source`: which limit was met. */
  readonly limitSource: string
  readonly metadata: JsonObject
  /** The upstream that failed: `Google AI Studio`. */
  readonly upstream: string
  /** What that upstream said, parsed where it is JSON. */
  readonly raw: unknown
  readonly rawText: string
  /** Headers of HTTP over those in the metadata: captures show the limits in either place. */
  readonly headers: ResponseHeaders
  /** The most telling code there is, for the error. */
  readonly code: string | undefined
}

/** The status for words in place of a number (OpenRouterTeam/docs api_reference/errors-and-debugging.mdx). */
const STATUS_OF_WORD: Readonly<Record<string, number>> = {
  invalid_request: 400,
  invalid_prompt: 400,
  context_length_exceeded: 400,
  content_policy_violation: 400,
  authentication: 401,
  payment_required: 402,
  permission_denied: 403,
  not_found: 404,
  payload_too_large: 413,
  unprocessable: 422,
  rate_limit_exceeded: 429,
  server: 500,
  server_error: 500,
  unmapped: 500,
  provider_unavailable: 502,
  provider_overloaded: 503,
  overloaded: 503,
  timeout: 504,
}

/** Reads an error; undefined when the answer holds none in OpenRouter's form. */
export function readError(answer: FailedAnswer): SaidError | undefined {
  const { error } = membersOf(answer.json) as { readonly error?: unknown }
  if (typeof error === 'string') return readError({ ...answer, json: { error: { message: error } } })
  const said = membersOf(error)
  if (Object.keys(said).length === 0) return undefined
  const metadata = membersOf(said['metadata'])
  const details = membersOf(said['availability'])
  const type = textOf(metadata['error_type']) ?? textOf(said['error_type']) ?? ''
  const availability = textOf(details['code']) ?? ''
  const limitSource = textOf(metadata['limit_source']) ?? ''
  const raw = parsed(metadata['raw'])
  const word = textOf(said['code'])
  return {
    status: statusOf(answer.status, said, type),
    message: textOf(said['message']) ?? '',
    type,
    availability,
    details,
    limitSource,
    metadata,
    upstream: textOf(metadata['provider_name']) ?? textsOf(details['affected_providers']).join(', '),
    raw,
    rawText: rawWords(raw),
    headers: { ...lowerCased(metadata['headers']), ...answer.headers },
    code:
      textOf(availability) ??
      textOf(limitSource) ??
      textOf(type) ??
      textOf(metadata['provider_error_code']) ??
      word ??
      numberOf(said['code'])?.toString(),
  }
}

function statusOf(status: number, said: JsonObject, type: string): number {
  if (status >= 300) return status
  const named = [said['code'], said['http_status'], said['status']]
    .map(numberOf)
    .find((number) => number !== undefined && number >= 400 && number <= 599)
  const word = textOf(said['code'])?.toLowerCase() ?? ''
  return named ?? entryOf(STATUS_OF_WORD, type) ?? entryOf(STATUS_OF_WORD, word) ?? status
}

/** A text may hold JSON; a text that does not is the reason itself. */
function parsed(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw
  try {
    return JSON.parse(raw) as unknown
  } catch {
    return raw
  }
}

/** The reason in words: the innermost message, else the JSON itself. */
function rawWords(raw: unknown): string {
  if (raw === undefined || raw === null || raw === '') return ''
  const text = messageIn(raw) ?? (typeof raw === 'string' ? raw : JSON.stringify(raw))
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > MAX_RAW ? `${line.slice(0, MAX_RAW - 1)}…` : line
}

function messageIn(value: unknown, depth = 0): string | undefined {
  if (depth > 4) return undefined
  if (Array.isArray(value)) return messageIn((value as readonly unknown[])[0], depth + 1)
  const object = membersOf(value)
  for (const name of ['error', 'message', 'detail']) {
    const member = object[name]
    const inner = textOf(member) ?? messageIn(member, depth + 1)
    if (inner !== undefined) return inner
  }
  return undefined
}

function lowerCased(headers: unknown): ResponseHeaders {
  const told = Object.entries(membersOf(headers)).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number'
      ? [[name.toLowerCase(), String(value)] as const]
      : [],
  )
  return Object.fromEntries(told)
}
