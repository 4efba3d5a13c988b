import { serveHandlers } from '@openmux/testkit'
import { openrouterDouble, openrouterError } from '@openmux/testkit/openrouter'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { callContext, clockAt, failureOf, KEY } from './support/context.js'

const NOON = Date.UTC(2026, 7, 16, 12)
const double = openrouterDouble({ apiKey: KEY })
const server = await serveHandlers(double.handlers)
const provider = openrouter({ baseURL: `${server.url}/api/v1`, apiKey: KEY, environment: {} })
afterAll(async () => {
  await provider.close()
  await server.close()
})
beforeEach(() => {
  double.reset()
  server.reset()
})
const context = callContext({ clock: clockAt(NOON) })

describe('what is left', () => {
  it('of a key of the free tier', async () => {
    expect(await provider.keyStatus(context)).toEqual({
      limitUsd: null,
      remainingUsd: null,
      usedUsd: { total: 0, today: 0, thisWeek: 0, thisMonth: 0 },
      managementKey: false,
      freeTier: true,
      freeRequests: { limit: 50, used: 13, remaining: 37, resetsAt: Date.UTC(2026, 7, 17) },
    })
  })

  it('of a key with a limit, without what is not told', async () => {
    double.describeKey({
      label: 'ci',
      limit: 5,
      limit_remaining: 1.25,
      limit_reset: 'monthly',
      usage: 3.75,
      is_free_tier: false,
      expires_at: '2026-12-31T00:00:00Z',
      free_model_daily_requests: undefined,
    })
    const quota = await provider.keyStatus(context)
    expect(quota).toMatchObject({
      label: 'ci',
      limitUsd: 5,
      remainingUsd: 1.25,
      limitReset: 'monthly',
      freeTier: false,
      expiresAt: Date.UTC(2026, 11, 31),
    })
    expect(quota).not.toHaveProperty('freeRequests')
  })

  it('is `auth` for a key that is not taken, which is not shown', async () => {
    double.refuse('/key', openrouterError('401 that quotes the key'))
    const error = await failureOf(() => provider.keyStatus(context))
    expect(error.code).toBe('auth')
    expect(JSON.stringify(error)).not.toContain('canary4711')
  })

  it.each([
    ['a list', []],
    ['nothing', {}],
    ['no data', { data: null }],
  ])('is `bad-response` for %s', async (_what, body) => {
    double.refuse('/key', { status: 200, body })
    expect((await failureOf(() => provider.keyStatus(context))).code).toBe('bad-response')
  })
})

describe('ready', () => {
  it('tells what is left, and asks for nothing but the key', async () => {
    expect(await provider.ready(context)).toEqual({
      ready: true,
      detail: 'free tier, 37 of 50 free requests left today',
    })
    expect(server.requests().map(({ path }) => path)).toEqual(['/api/v1/key'])
  })

  it.each([
    [
      'the free requests are used up',
      { free_model_daily_requests: { used: 50, limit: 50, remaining: 0 } },
      '2026-08-17T00:00:00.000Z',
    ],
    [
      'the limit of the key is used up',
      { limit: 5, limit_remaining: 0, limit_reset: 'monthly' },
      'limit of 5 USD, which is renewed monthly',
    ],
    ['the key has ended', { expires_at: '2026-08-01T00:00:00Z' }, 'ended on 2026-08-01'],
    ['it is a management key', { is_management_key: true }, 'management key'],
  ])('is not when %s', async (_what, members, reason) => {
    double.describeKey(members)
    const readiness = await provider.ready(context)
    expect(readiness).toMatchObject({ ready: false, reason: expect.stringContaining(reason) })
    expect('remedies' in readiness && readiness.remedies.length).toBeGreaterThan(0)
  })

  it('is when only the free requests of an account with credits are used up', async () => {
    double.describeKey({
      is_free_tier: false,
      free_model_daily_requests: { used: 1000, limit: 1000, remaining: 0 },
    })
    expect(await provider.ready(context)).toMatchObject({ ready: true })
  })

  it.each([
    [
      'a wrong key',
      { status: 401, body: { error: { message: 'User not found.', code: 401 } } },
      'does not take the key',
    ],
    [
      'a web page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>x</title>' },
      'not as OpenRouter',
    ],
    ['a path that is not there', { status: 404, body: 'Not Found' }, 'not as OpenRouter'],
    ['a service that is down', { status: 503, body: 'down' }, '503'],
  ])('is not for %s, and says what to do', async (_what, refusal, reason) => {
    double.refuse('/key', refusal)
    expect(await provider.ready(context)).toMatchObject({
      ready: false,
      reason: expect.stringContaining(reason),
      remedies: expect.arrayContaining([expect.any(String)]),
    })
  })
})
