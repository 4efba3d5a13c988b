import type { Random } from './random.ts'

/** A failed status as some service words it. */
export interface Refusal {
  readonly name: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The moment it names, ms since 1970. */
  readonly until?: number
  /** The request itself is refused: nobody else is asked. */
  readonly final?: 'bad-request' | 'content-filter'
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** Any failed status there is, with any hint when to come back. */
export function anyRefusal(random: Random, now: number): Refusal {
  const roll = random.next()
  if (roll < 0.3) return limited(random, now)
  if (roll < 0.6) return ill(random, now)
  if (roll < 0.96) return misfit(random)
  return final(random)
}

function limited(random: Random, now: number): Refusal {
  // Hours are told too, but seldom: each takes a target out of the story.
  const seconds = random.chance(0.004)
    ? random.pick([3_700, 7_300])
    : random.chance(0.15)
      ? random.between(10, 90)
      : random.between(1, 60) / 10
  const until = now + seconds * 1_000
  const told = (headers: Record<string, string>, message = 'Rate limit exceeded'): Refusal => ({
    name: `429 ${Object.keys(headers)[0] ?? 'in words'}`,
    status: 429,
    headers: { ...JSON_TYPE, ...headers },
    body: errorBody(message, 'rate_limit_exceeded'),
    until: until + 2_000,
  })
  const untold = (headers: Record<string, string>): Refusal => {
    const { until: _until, ...rest } = told(headers)
    return { ...rest, name: '429 without a usable hint' }
  }
  switch (random.between(0, 8)) {
    case 0:
      return told({ 'retry-after': String(Math.ceil(seconds)) })
    case 1:
      return told({ 'retry-after': seconds.toFixed(1) })
    case 2:
      return told({ 'retry-after': new Date(until).toUTCString() })
    case 3:
      return told({ 'retry-after-ms': String(seconds * 1_000) })
    case 4:
      return told({
        'x-ratelimit-reset': String(Math.ceil(until / 1_000)),
        'x-ratelimit-remaining': '0',
        'x-ratelimit-limit': '20',
      })
    case 5:
      return told({
        'x-ratelimit-reset': String(until),
        'x-ratelimit-remaining': '0',
        'x-ratelimit-limit': '20',
      })
    case 6:
      return told({}, `Rate limit reached. Please try again in ${seconds.toFixed(2)}s.`)
    case 7:
      return untold({ 'retry-after': random.pick(['-5', 'soon', '', 'Thu, 01 Jan 1970 00:00:00 GMT']) })
    default:
      return untold({})
  }
}

function ill(random: Random, now: number): Refusal {
  const status = random.pick([500, 500, 502, 503, 503, 504, 520, 524, 529, 408])
  const page = status >= 502 && random.chance(0.4)
  const after = status === 503 && random.chance(0.4) ? random.pick([1, 2, 8, 40]) : undefined
  return {
    name: `${status}${page ? ' html' : ''}`,
    status,
    headers: {
      'content-type': page ? 'text/html' : 'application/json',
      ...(after !== undefined && { 'retry-after': String(after) }),
    },
    body: page
      ? '<!doctype html><h1>Bad gateway</h1>'
      : errorBody('The server had an error.', 'server_error'),
    ...(after !== undefined && { until: now + after * 1_000 + 2_000 }),
  }
}

function misfit(random: Random): Refusal {
  const cases: readonly (readonly [number, string, string])[] = [
    [401, 'Invalid API key.', 'invalid_api_key'],
    [402, 'Insufficient credits.', 'insufficient_credits'],
    [403, 'You do not have access.', 'permission_denied'],
    [404, 'The model does not exist.', 'model_not_found'],
    [404, 'No endpoints found for this model.', 'not_found'],
    [409, 'Conflict.', 'conflict'],
    [410, 'This model was retired: the model is no longer available.', 'gone'],
    [413, 'Request entity too large', 'too_large'],
    [400, "This model's maximum context length is 8192 tokens.", 'context_length_exceeded'],
    [400, 'This model does not support tools.', 'unsupported'],
    [400, 'DEGRADED function cannot be invoked', 'bad_request'],
    [424, 'generation failed', 'generation'],
    [451, 'Unavailable for legal reasons', 'legal'],
    [302, '', 'moved'],
  ]
  const [status, message, code] = random.pick(cases)
  const moved = status === 302 ? { location: 'https://elsewhere.invalid/v1' } : {}
  return {
    name: `${status} ${code}`,
    status,
    headers: { ...JSON_TYPE, ...moved },
    body: errorBody(message, code),
  }
}

function final(random: Random): Refusal {
  const filtered = random.chance(0.5)
  return {
    name: filtered ? '400 content filter' : '400 bad request',
    status: 400,
    headers: JSON_TYPE,
    body: filtered
      ? errorBody('Your request was rejected by our safety system.', 'content_policy_violation')
      : errorBody("'messages' must hold at least one user turn.", 'invalid_request_error'),
    final: filtered ? 'content-filter' : 'bad-request',
  }
}

function errorBody(message: string, code: string): string {
  return JSON.stringify({ error: { message, type: code, code } })
}
