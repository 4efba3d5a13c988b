import { createLedger, type LimitReport } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import { openrouterDouble } from '@openmux/testkit/openrouter'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { callContext, clockAt, hello, KEY, MODEL, outcomeOf } from './support/context.js'

const NOON = Date.UTC(2026, 7, 16, 12)
const MIDNIGHT = Date.UTC(2026, 7, 17)
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

/** What is told while a free model is asked. */
async function toldBy(
  answer: Parameters<typeof double.refuse>[1] | undefined,
  now: number = NOON,
): Promise<readonly LimitReport[]> {
  const told: LimitReport[] = []
  if (answer !== undefined) double.refuse('/chat/completions', answer)
  const context = {
    ...callContext({ clock: clockAt(now) }),
    onLimit: (report: LimitReport) => told.push(report),
  }
  await outcomeOf(provider.chat(hello(), context))
  return told
}

describe('the allowances of free models', () => {
  it('are declared for them alone: 20 a minute, 50 a day, of the account, failures counted', () => {
    for (const model of [MODEL, `${MODEL}:online`, 'openrouter/free'])
      expect(provider.limits(model)).toMatchObject([
        {
          id: 'free-minute',
          scope: 'account',
          amount: 20,
          window: { kind: 'rolling', ms: 60_000 },
          countsFailures: true,
        },
        { id: 'free-day', scope: 'account', amount: 50, window: { kind: 'utc-day' }, countsFailures: true },
      ])
    expect(provider.limits('openai/gpt-5')).toEqual([])
    expect(provider.limits('somebody/carefree')).toEqual([])
  })

  it('are told by what is left of the key', async () => {
    const context = callContext({ clock: clockAt(NOON) })
    expect(await provider.quota(context)).toEqual([
      {
        rule: 'free-day',
        scope: 'account',
        unit: 'requests',
        limit: 50,
        remaining: 37,
        model: 'openrouter/free',
        maxAgeMs: 60_000,
        source: 'GET /key',
      },
    ])
    double.describeKey({
      limit: 5,
      limit_remaining: 1.25,
      is_free_tier: false,
      free_model_daily_requests: undefined,
    })
    expect(await provider.quota(context)).toEqual([
      {
        rule: 'free-day',
        scope: 'account',
        unit: 'requests',
        model: 'openrouter/free',
        limit: 1_000,
        source: 'GET /key',
      },
      { rule: 'key-usd', scope: 'key', unit: 'usd', limit: 5, remaining: 1.25, source: 'GET /key' },
    ])
  })

  it('are told whenever it is asked whether it is ready', async () => {
    const told: LimitReport[] = []
    await provider.ready({ ...callContext({ clock: clockAt(NOON) }), onLimit: (report) => told.push(report) })
    expect(told).toMatchObject([{ rule: 'free-day', remaining: 37 }])
  })

  it('are told by the refusals that mean them, and by nothing else', async () => {
    expect(await toldBy(undefined)).toEqual([])
    expect(
      await toldBy(
        refusal('free-models-per-day', { 'X-RateLimit-Limit': '50', 'X-RateLimit-Reset': String(MIDNIGHT) }),
      ),
    ).toEqual([
      {
        rule: 'free-day',
        scope: 'account',
        unit: 'requests',
        limit: 50,
        remaining: 0,
        until: MIDNIGHT,
        source: expect.stringContaining('x-ratelimit-'),
      },
    ])
    expect(await toldBy(refusal('free-models-per-min', {}))).toEqual([
      {
        rule: 'free-minute',
        scope: 'account',
        unit: 'requests',
        remaining: 0,
        until: NOON + 60_000,
        source: expect.any(String),
      },
    ])
    expect(
      await toldBy({
        status: 429,
        body: {
          error: {
            code: 429,
            message: 'Provider returned error',
            metadata: { raw: 'busy', provider_name: 'X' },
          },
        },
      }),
    ).toEqual([])
  })

  it('do not lose a day to a server whose midnight comes a little later than ours', async () => {
    const [report] = await toldBy(
      refusal('free-models-per-day', { 'X-RateLimit-Reset': String(MIDNIGHT) }),
      MIDNIGHT + 3_000,
    )
    expect(report?.until).toBeLessThanOrEqual(MIDNIGHT + 60_000)
  })

  it('keep a ledger from asking in vain', async () => {
    const ledger = createLedger({ rules: (_provider, model) => provider.limits(model) })
    const to = { provider: 'openrouter', origin: 'openrouter.ai:443', model: MODEL }
    const claim = ledger.begin(to, NOON)
    for (const report of await toldBy(
      refusal('free-models-per-day', { 'X-RateLimit-Limit': '50', 'X-RateLimit-Reset': String(MIDNIGHT) }),
    ))
      ledger.note('openrouter', MODEL, report, NOON, claim)
    expect(ledger.standing({ ...to, model: 'other/model:free' }, NOON + 60_000)).toMatchObject({
      usable: false,
      why: 'limit',
      code: 'quota',
    })
    expect(ledger.standing({ ...to, model: 'openai/gpt-5' }, NOON).usable).toBe(true)
    for (const report of await provider.quota(callContext({ clock: clockAt(NOON + 120_000) })))
      ledger.note('openrouter', '', report, NOON + 120_000)
    expect(ledger.standing(to, NOON + 120_000).usable).toBe(true)
  })
})

function refusal(
  words: string,
  headers: Readonly<Record<string, string>>,
): Parameters<typeof double.refuse>[1] {
  const metadata = { headers: { 'X-RateLimit-Remaining': '0', ...headers } }
  return { status: 429, body: { error: { code: 429, message: `Rate limit exceeded: ${words}.`, metadata } } }
}
