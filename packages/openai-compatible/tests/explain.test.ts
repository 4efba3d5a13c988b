import type { FailedAnswer } from '@openmux/http'
import { describe, expect, it } from 'vitest'
import { explainOpenAIError } from '../src/index.js'

function inside(json: unknown, status = 200): FailedAnswer {
  return { status, headers: {}, body: JSON.stringify(json), json, path: '/chat/completions', now: 0 }
}

describe('an error inside a success', () => {
  it.each<[string, unknown, string | undefined]>([
    ['a number as code', { error: { code: 401, message: 'x' } }, 'auth'],
    ['a number in a text', { error: { code: '429', message: 'x' } }, 'rate-limit'],
    [
      'http_status without a code',
      { error: { message: 'x', error_type: 'rate_limit_exceeded', http_status: 429 } },
      'rate-limit',
    ],
    [
      'error_type in the metadata',
      { error: { message: 'x', metadata: { error_type: 'provider_unavailable' } } },
      'unavailable',
    ],
    ['a type', { error: { message: 'x', type: 'authentication_error' } }, 'auth'],
    ['a type in capitals', { error: { message: 'x', type: 'Server_Error' } }, 'unavailable'],
    [
      'a code without money',
      { error: { message: 'x', type: 'whatever', code: 'insufficient_quota' } },
      'credits',
    ],
    ['an array', [{ error: { message: 'x', status: 503 } }], 'unavailable'],
    [
      'the form of older vLLM',
      { object: 'error', message: 'x', type: 'BadRequestError', code: 400 },
      'bad-request',
    ],
    ['words that say nothing', { error: { message: 'x', type: 'odd' } }, undefined],
    ['a name every object has', { error: { message: 'x', type: 'constructor' } }, undefined],
    ['no error', { choices: [] }, undefined],
  ])('by %s', (_name, json, code) => {
    expect(explainOpenAIError(inside(json))?.code).toBe(code)
  })

  it('a failed status is left to the general table', () => {
    expect(explainOpenAIError(inside({ error: { code: 401, message: 'x' } }, 500))).toBeUndefined()
  })
})
