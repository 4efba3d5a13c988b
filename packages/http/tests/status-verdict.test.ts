import fc from 'fast-check'
import { ERROR_CODES } from '@openmux/core'
import { describe, expect, test } from 'vitest'
import { type ErrorVerdict, type FailedAnswer, statusVerdict } from '../src/index.js'

const NOW = Date.UTC(2026, 10, 23, 12)

function answer(status: number, body: string, headers: Record<string, string> = {}): FailedAnswer {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    json = undefined
  }
  return { status, headers, body, json, path: '/v1/chat/completions', now: NOW }
}

const error = (message: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ error: { message, ...more } })

type Case = readonly [string, number, string, Partial<ErrorVerdict>, Record<string, string>?]

/** Name, status, body, expected verdict, headers. Bodies as the upstreams send them (provider documentation, public logs). */
const table: readonly Case[] = [
  [
    'OpenAI: context',
    400,
    error("This model's maximum context length is 4096 tokens. However, you requested 5000", {
      code: 'context_length_exceeded',
    }),
    { code: 'context-too-long', upstreamCode: 'context_length_exceeded' },
  ],
  [
    'llama.cpp: context',
    400,
    error(
      'the request exceeds the available context size. try increasing the context size or enable context shift',
    ),
    { code: 'context-too-long' },
  ],
  [
    'TGI: context',
    422,
    '{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 3000","error_type":"validation"}',
    { code: 'context-too-long' },
  ],
  [
    'Anthropic: context',
    400,
    error('prompt is too long: 210000 tokens > 200000 maximum'),
    { code: 'context-too-long' },
  ],
  [
    'OpenRouter: unknown model',
    400,
    error('foo/bar is not a valid model ID', { code: 400 }),
    { code: 'model-not-found' },
  ],
  [
    'HF router: unknown model',
    400,
    error("The requested model 'Qwen/Qwen2.5-7B' does not exist.", { code: 'model_not_found' }),
    { code: 'model-not-found' },
  ],
  [
    'HF router: not served',
    400,
    error("The requested model 'X' is not supported by any provider you have enabled.", {
      code: 'model_not_supported',
    }),
    { code: 'model-not-served' },
  ],
  [
    'HF: wrong provider',
    400,
    '{"error":"Model not supported by provider hf-inference"}',
    { code: 'model-not-served' },
  ],
  [
    'Google: dead key as 400',
    400,
    '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]',
    { code: 'auth' },
  ],
  [
    'Ollama: no tools',
    400,
    '{"error":"registry.ollama.ai/library/gemma3:270m does not support tools"}',
    { code: 'unsupported' },
  ],
  [
    'Azure: filter as 400',
    400,
    error(
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      { code: 'content_filter' },
    ),
    { code: 'content-filter' },
  ],
  [
    'a wrong field',
    400,
    error("Invalid type for 'temperature': expected a number"),
    { code: 'bad-request', message: "HTTP 400: Invalid type for 'temperature': expected a number" },
  ],
  ['401', 401, error('User not found.', { code: 401 }), { code: 'auth' }],
  ['401 with nothing', 401, '', { code: 'auth', message: 'HTTP 401 without a reason.' }],
  [
    '402 worded like a context error',
    402,
    error(
      'This request requires more credits, or fewer max_tokens. You requested up to 4096 tokens, but can only afford 100',
    ),
    { code: 'credits' },
  ],
  ['HF: 402', 402, '{"error":"You have depleted your monthly included credits."}', { code: 'credits' }],
  [
    '403 moderation',
    403,
    error('The input was flagged', { metadata: { reasons: ['violence'] }, code: 'content_policy_violation' }),
    { code: 'content-filter' },
  ],
  [
    '403 bot challenge by header',
    403,
    'x',
    { code: 'unavailable', scope: 'endpoint' },
    { 'cf-mitigated': 'challenge' },
  ],
  [
    '403 bot challenge by page',
    403,
    '<!DOCTYPE html><html><head><title>Just a moment...</title>',
    { code: 'unavailable', scope: 'endpoint' },
  ],
  [
    '403 region',
    403,
    error('Country, region, or territory not supported', { code: 'unsupported_country_region_territory' }),
    { code: 'region' },
  ],
  [
    '403 gated model',
    403,
    '{"error":"Access to model X is restricted and you are not in the authorized list. Visit … to ask for access to this gated repo"}',
    { code: 'needs-setup', scope: 'model' },
  ],
  ['403 key used up', 403, error('Key limit exceeded (total limit)'), { code: 'credits', scope: 'key' }],
  [
    '403 permissions',
    403,
    '{"error":"This authentication method does not have sufficient permissions to call Inference Providers"}',
    { code: 'auth' },
  ],
  ['404 plain text', 404, 'Not Found', { code: 'not-found' }],
  ['404 express', 404, 'Cannot POST /v1/x', { code: 'not-found' }],
  ['404 page', 404, '<html><head><title>404 Not Found</title></head></html>', { code: 'not-found' }],
  ['404 empty', 404, '', { code: 'not-found' }],
  ['404 FastAPI', 404, '{"detail":"Not Found"}', { code: 'not-found' }],
  [
    '404 vLLM model',
    404,
    '{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404}',
    { code: 'model-not-found' },
  ],
  ['404 Ollama model', 404, `{"error":"model 'llama3.2:1b' not found"}`, { code: 'model-not-found' }],
  [
    '404 no endpoints for tools',
    404,
    error('No endpoints found that support tool use.'),
    { code: 'unsupported' },
  ],
  [
    '404 no endpoints by policy',
    404,
    error('No endpoints found matching your data policy'),
    { code: 'model-not-served' },
  ],
  ['405', 405, 'Method Not Allowed', { code: 'not-found' }],
  ['408', 408, '', { code: 'timeout' }],
  ['409', 409, '{}', { code: 'unavailable' }],
  [
    '410 host',
    410,
    '{"error":"https://api-inference.huggingface.co is no longer supported. Please use https://router.huggingface.co instead."}',
    { code: 'endpoint-gone' },
  ],
  [
    '410 one model',
    410,
    error('The model `x` has been decommissioned'),
    { code: 'model-not-served', scope: 'model' },
  ],
  [
    '413',
    413,
    '<html><head><title>413 Request Entity Too Large</title></head></html>',
    { code: 'too-large' },
  ],
  ['413 context', 413, error('Please reduce the length of the messages'), { code: 'context-too-long' }],
  ['422', 422, '{"detail":[{"msg":"Field required"}]}', { code: 'bad-request' }],
  [
    '424 TGI generation',
    424,
    '{"error":"Request failed during generation","error_type":"generation"}',
    { code: 'unavailable' },
  ],
  ['429 plain', 429, '', { code: 'rate-limit' }],
  [
    '429 with Retry-After',
    429,
    error('Rate limit exceeded'),
    { code: 'rate-limit', until: NOW + 7_000 },
    { 'retry-after': '7' },
  ],
  ['429 OpenRouter minute', 429, error('Rate limit exceeded: free-models-per-min.'), { code: 'rate-limit' }],
  [
    '429 OpenRouter day',
    429,
    error(
      'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
    ),
    { code: 'quota' },
  ],
  [
    '429 no money',
    429,
    error('You exceeded your current quota, please check your plan and billing details.', {
      code: 'insufficient_quota',
      type: 'insufficient_quota',
    }),
    { code: 'credits', upstreamCode: 'insufficient_quota' },
  ],
  [
    '429 Gemini: quota of a minute',
    429,
    '{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. Please retry in 24.5s.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]}]}}',
    { code: 'rate-limit', until: NOW + 24_500 },
  ],
  [
    '429 Gemini: quota of a day',
    429,
    '{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}}',
    { code: 'quota' },
  ],
  [
    '429 that no wait cures',
    429,
    error(
      'Request too large for gpt-4 in organization org on tokens per min (TPM): Limit 10000, Requested 12000',
    ),
    { code: 'too-large', until: 'never' },
  ],
  ['429 capacity', 429, error('No capacity available for this model right now'), { code: 'unavailable' }],
  [
    '429 far away',
    429,
    error('limit reached'),
    { code: 'quota', until: NOW + 7_200_000 },
    { 'retry-after': '7200' },
  ],
  [
    '429 Groq words',
    429,
    error(
      'Rate limit reached for model `x` on tokens per minute (TPM): Limit 6000. Please try again in 7m12s.',
    ),
    { code: 'rate-limit', until: NOW + 432_000 },
  ],
  ['451', 451, '', { code: 'region' }],
  ['499 Ollama', 499, '{"error":"request canceled"}', { code: 'unavailable' }],
  ['500', 500, error('Internal Server Error'), { code: 'unavailable' }],
  ['500 context', 500, '{"error":"input length exceeds the context length"}', { code: 'context-too-long' }],
  ['501', 501, 'Not Implemented', { code: 'not-found' }],
  [
    '502 page',
    502,
    '<html><head><title>502 Bad Gateway</title></head></html>',
    { code: 'unavailable', message: 'HTTP 502: 502 Bad Gateway' },
  ],
  [
    '503 Ollama queue',
    503,
    '{"error":"server busy, please try again.  maximum pending requests exceeded"}',
    { code: 'unavailable' },
  ],
  ['503 with Retry-After', 503, 'x', { code: 'unavailable', until: NOW + 2_000 }, { 'retry-after': '2' }],
  [
    '503 loading',
    503,
    '{"error":"Model X is currently loading","estimated_time":20.0}',
    { code: 'loading', until: NOW + 20_000 },
  ],
  ['503 llama.cpp loading', 503, error('Loading model', { type: 'unavailable_error' }), { code: 'loading' }],
  ['504', 504, '<html></html>', { code: 'timeout' }],
  [
    '521 origin down',
    521,
    '<html><title>521: Web server is down</title></html>',
    { code: 'unavailable', scope: 'endpoint' },
  ],
  ['524', 524, '<html><title>524: A timeout occurred</title></html>', { code: 'timeout' }],
  ['529 overloaded', 529, error('Overloaded', { type: 'overloaded_error' }), { code: 'unavailable' }],
  ['599', 599, '', { code: 'unavailable' }],
  ['418', 418, '', { code: 'bad-request' }],
  [
    'OpenRouter: error inside a 200',
    200,
    error('Internal Server Error', { code: 500 }),
    { code: 'unavailable' },
  ],
  ['a rate limit inside a 200', 200, error('Rate limit exceeded', { code: 429 }), { code: 'rate-limit' }],
  [
    'old HF: loading inside a 200',
    200,
    '{"error":"Model X is currently loading","estimated_time":5}',
    { code: 'loading', until: NOW + 5_000 },
  ],
  [
    'a page inside a 200',
    200,
    '<!doctype html><html><title>Router login</title></html>',
    { code: 'bad-response' },
  ],
  ['an unknown error inside a 200', 200, '{"error":"hm"}', { code: 'bad-response', message: 'hm' }],
  ['an error without words inside a 200', 200, '{"error":{}}', { code: 'bad-response' }],
]

describe('statusVerdict', () => {
  test.each(table.map((row) => [row[0], row] as const))(
    '%s',
    (_name, [, status, body, expected, headers]) => {
      expect(statusVerdict(answer(status, body, headers))).toMatchObject(expected)
    },
  )

  test('a redirect names the host of its target and nothing else', () => {
    const verdict = statusVerdict(
      answer(302, '', { location: 'https://user:secret@login.example.com:8443/x?token=abc' }),
    )
    expect(verdict.code).toBe('endpoint-moved')
    expect(verdict.message).toContain('login.example.com:8443')
    expect(verdict.message).not.toMatch(/secret|abc|\/x/)
  })

  test.each([
    ['/other?token=abc', 'same host'],
    ['//cdn.example.com/x', 'cdn.example.com'],
    [undefined, 'does not name'],
  ])('a redirect to %s is told as such', (location, words) => {
    const { message } = statusVerdict(answer(301, '', location === undefined ? {} : { location }))
    expect(message).toContain(words)
    expect(message).not.toContain('abc')
  })

  test('a page in place of an answer hints at what listens there', () => {
    expect(statusVerdict(answer(200, '<html><title>Admin</title></html>')).hint).toContain(
      'Something else listens',
    )
    expect(statusVerdict(answer(404, 'Not Found')).hint).toContain('/v1/chat/completions')
  })

  test('a limit header on an error that time does not cure gives no moment', () => {
    expect(statusVerdict(answer(401, '', { 'retry-after': '5' })).until).toBeUndefined()
  })

  test('every status and every body give a verdict with a known code and a message, and quickly', () => {
    const words = fc.constantFrom(
      'model ',
      'not found ',
      'context length ',
      'per day ',
      'quota ',
      'try again in ',
      '9',
      's ',
      '. ',
    )
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(words, { maxLength: 60 }).map((parts) => JSON.stringify({ error: parts.join('') })),
      fc.constantFrom('<html>', '<', '{"error":', 'data: {', '[[[['),
    )
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), body, (status, text) => {
        const startedAt = performance.now()
        const verdict = statusVerdict(answer(status, text))
        expect(ERROR_CODES).toHaveProperty([verdict.code])
        expect(verdict.message).not.toBe('')
        expect(performance.now() - startedAt).toBeLessThan(200)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a hostile body of the largest size is judged quickly', () => {
    for (const unit of [
      'model ',
      '"model',
      'context length ',
      'try again in 9m',
      '<!-- ',
      'per ',
      'data:\n',
      'token api key ',
    ]) {
      const body = unit.repeat(Math.floor(65_536 / unit.length))
      for (const status of [200, 400, 403, 404, 429, 500, 503]) {
        const startedAt = performance.now()
        statusVerdict(answer(status, body))
        expect(performance.now() - startedAt).toBeLessThan(250)
      }
    }
  })
})

describe('a failure that is often over in a moment', () => {
  for (const status of [500, 502, 503]) {
    test(`${status} may be tried here once more, unless its words say that trying again is no use`, () => {
      expect(statusVerdict(answer(status, error('upstream broke')))).toMatchObject({ next: 'here' })
      expect(
        statusVerdict(answer(status, error('maximum context length is 4096 tokens'))).next,
      ).toBeUndefined()
    })
  }

  test('an origin that is down is left at once', () => {
    expect(statusVerdict(answer(521, '<html>Web server is down</html>')).next).toBeUndefined()
  })
})
