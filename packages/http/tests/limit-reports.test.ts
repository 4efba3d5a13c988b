import type { LimitReport } from '@openmux/core'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpClient, headerLimits, type HttpClient } from '../src/index.js'
import { callContext } from './support/context.js'
import { type LoopbackServer, loopbackServer, type Script } from './support/loopback-server.js'

const NOW = Date.UTC(2026, 10, 23, 12)

function read(headers: Readonly<Record<string, string>>): readonly LimitReport[] {
  return headerLimits('model')({ status: 200, headers, model: 'm', now: NOW })
}

describe('allowances in headers', () => {
  it('are read one by one, tokens apart from requests', () => {
    // As Groq sends them (console.groq.com/docs/rate-limits).
    expect(
      read({
        'x-ratelimit-limit-requests': '14400',
        'x-ratelimit-remaining-requests': '14370',
        'x-ratelimit-reset-requests': '2m59.56s',
        'x-ratelimit-limit-tokens': '18000',
        'x-ratelimit-remaining-tokens': '17997',
        'x-ratelimit-reset-tokens': '7.66s',
      }),
    ).toEqual([
      {
        scope: 'model',
        model: 'm',
        unit: 'requests',
        rule: 'requests',
        limit: 14_400,
        remaining: 14_370,
        until: NOW + 179_560,
        source: 'x-ratelimit-reset-requests',
      },
      {
        scope: 'model',
        model: 'm',
        unit: 'tokens',
        rule: 'tokens',
        limit: 18_000,
        remaining: 17_997,
        until: NOW + 7_660,
        source: 'x-ratelimit-reset-tokens',
      },
    ])
  })

  it('keep several windows of one unit apart', () => {
    // As Cerebras sends them (inference-docs.cerebras.ai, rate limits).
    const reports = read({
      'x-ratelimit-remaining-requests-day': '900',
      'x-ratelimit-remaining-tokens-minute': '50000',
      'x-ratelimit-remaining-tokens-day': '100',
    })
    expect(reports.map(({ rule, unit, remaining }) => [rule, unit, remaining])).toEqual([
      ['requests-day', 'requests', 900],
      ['tokens-minute', 'tokens', 50_000],
      ['tokens-day', 'tokens', 100],
    ])
  })

  it('are those of the standard header too', () => {
    expect(read({ ratelimit: '"default";r=50;t=30' })).toMatchObject([
      { rule: 'default', unit: 'requests', remaining: 50, until: NOW + 30_000 },
    ])
  })

  it('are none where nothing says what is left, or the limit is no limit, or it is one of other things', () => {
    expect(read({ 'retry-after': '7' })).toEqual([])
    expect(read({ 'x-ratelimit-limit': '20', 'x-ratelimit-reset': '7' })).toEqual([])
    expect(read({ 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '0' })).toEqual([])
    expect(read({ 'x-ratelimit-limit-images': '5', 'x-ratelimit-remaining-images': '0' })).toEqual([])
  })

  it('of any other kind are read without a throw', () => {
    const name = fc.constantFrom(
      'x-ratelimit-remaining',
      'x-ratelimit-limit-tokens',
      'ratelimit',
      'x-ratelimit-reset',
    )
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), (headers) => {
        for (const { remaining, until } of read(headers)) {
          expect(remaining).toBeGreaterThanOrEqual(0)
          if (until !== undefined) expect(until).toBeGreaterThanOrEqual(NOW)
        }
      }),
    )
  })
})

describe('a client that reads allowances', () => {
  const open: (HttpClient | LoopbackServer)[] = []
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close()
  })

  async function call(
    script: Script,
    options: { model?: string; onLimit?: (report: LimitReport) => void },
  ): Promise<unknown> {
    const server = await loopbackServer(script)
    const client = createHttpClient({ provider: 'p', baseURL: server.url, limits: headerLimits('account') })
    open.push(client, server)
    const { model, onLimit } = options
    const context = { ...callContext(), ...(onLimit !== undefined && { onLimit }) }
    return client
      .json({ path: '/x', json: {}, context, ...(model !== undefined && { model }) })
      .catch((error: unknown) => error)
  }
  const limited: Script = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-ratelimit-remaining': '3' }).end('{}')
  }
  const refused: Script = (_request, response) => {
    response
      .writeHead(429, { 'content-type': 'application/json', 'x-ratelimit-remaining': '0' })
      .end('{"error":"slow down"}')
  }

  it.each([
    ['an answer', limited, 3],
    ['a failure', refused, 0],
  ] as const)('tells the caller what %s said', async (_what, script, remaining) => {
    const told: LimitReport[] = []
    await call(script, { model: 'm', onLimit: (report) => told.push(report) })
    expect(told).toEqual([{ scope: 'account', unit: 'requests', remaining, source: 'x-ratelimit-remaining' }])
  })

  it('tells nothing of calls that name no model, and nobody who does not listen', async () => {
    const told: LimitReport[] = []
    await call(limited, { onLimit: (report) => told.push(report) })
    expect(await call(limited, { model: 'm' })).toMatchObject({ status: 200 })
    expect(told).toEqual([])
  })

  it('loses no answer to a listener that throws', async () => {
    const onLimit = (): never => {
      throw new Error('no')
    }
    expect(await call(limited, { model: 'm', onLimit })).toMatchObject({ status: 200 })
  })
})
