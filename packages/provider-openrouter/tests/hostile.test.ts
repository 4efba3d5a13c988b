import { inspect } from 'node:util'
import { CORPUS_NOW, errorCorpus } from '@openmux/testkit/corpus'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainOpenRouterError, openrouter } from '../src/index.js'
import { callContext, failureOf, hello, KEY, outcomeOf } from './support/context.js'

function answering(answer: () => Response): ReturnType<typeof openrouter> {
  return openrouter({ apiKey: KEY, environment: {}, fetch: () => Promise.resolve(answer()) })
}

/** Everything of an error that a person or a log may see. */
function printed(value: unknown): string {
  return `${JSON.stringify(value)} ${inspect(value, { depth: 10, showHidden: true, maxStringLength: Infinity })}`
}

describe('the key', () => {
  it('is in no error, however the other side quotes it', async () => {
    const quotes = [
      { error: { code: 401, message: `bad key ${KEY}`, metadata: { error_type: KEY } } },
      {
        error: {
          code: 429,
          message: 'Provider returned error',
          metadata: { raw: `key ${KEY} is busy`, provider_name: KEY },
        },
      },
      {
        error: {
          code: 400,
          message: 'Provider returned error',
          metadata: { raw: JSON.stringify({ error: { message: KEY } }) },
        },
      },
      { error: { code: 403, message: 'blocked', metadata: { patterns: [KEY] } } },
      { error: { http_status: 404, message: KEY, availability: { code: KEY, affected_providers: [KEY] } } },
      { error: { code: KEY, message: '', metadata: { limit_source: KEY } } },
    ]
    for (const body of quotes) {
      for (const status of [200, 401, 403, 429, 500]) {
        for (const stream of [false, true]) {
          const text = stream ? `data: ${JSON.stringify(body)}\n\n` : JSON.stringify(body)
          const headers = {
            'content-type': stream ? 'text/event-stream' : 'application/json',
            'x-generation-id': KEY,
          }
          const provider = answering(() => new Response(text, { status, headers }))
          const { error } = await outcomeOf(provider.chat(hello(), callContext()))
          expect(error).toBeDefined()
          expect(printed(error)).not.toContain('canary4711')
          for (const call of ['models', 'quota', 'catalog'] as const)
            expect(printed(await failureOf(() => provider[call](callContext())))).not.toContain('canary4711')
          expect(printed(await provider.ready(callContext()))).not.toContain('canary4711')
          await provider.close()
        }
      }
    }
  })

  it('is not in the provider itself when it is printed', () => {
    expect(printed(openrouter({ apiKey: KEY, environment: {} }))).not.toContain('canary4711')
  })
})

describe('an answer without an end', () => {
  it('is given up, streamed and as a list', async () => {
    const endless = (): ReadableStream<Uint8Array> =>
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(97)) })
    const stream = answering(
      () => new Response(endless(), { headers: { 'content-type': 'text/event-stream' } }),
    )
    expect((await outcomeOf(stream.chat(hello(), callContext()))).error?.code).toBe('too-large')
    const list = answering(() => new Response(endless(), { headers: { 'content-type': 'application/json' } }))
    expect((await failureOf(() => list.models(callContext()))).code).toBe('too-large')
    await Promise.all([stream.close(), list.close()])
  })
})

describe('the table of errors', () => {
  const kinds = errorCorpus('openrouter').flatMap(({ body }) =>
    typeof body === 'object' && body !== null && 'error' in body ? [body] : [],
  )

  it('never breaks: a verdict with words, or none', () => {
    const noise = fc.oneof(
      fc.jsonValue(),
      fc.record({
        error: fc.record(
          {
            code: fc.jsonValue(),
            message: fc.jsonValue(),
            http_status: fc.jsonValue(),
            availability: fc.oneof(
              fc.jsonValue(),
              fc.record({ code: fc.string(), retryable: fc.jsonValue(), retry_after: fc.jsonValue() }),
            ),
            metadata: fc.oneof(
              fc.jsonValue(),
              fc.record({
                raw: fc.jsonValue(),
                headers: fc.jsonValue(),
                reasons: fc.jsonValue(),
                error_type: fc.constantFrom('__proto__', 'constructor', 'server'),
              }),
            ),
          },
          { requiredKeys: [] },
        ),
      }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), noise, (status, json) => {
        const verdict = explainOpenRouterError({
          status,
          headers: {},
          body: JSON.stringify(json),
          json,
          path: '/chat/completions',
          now: CORPUS_NOW,
        })
        if (verdict === undefined) return
        expect(typeof verdict.code).toBe('string')
        expect(verdict.message).not.toBe('')
        if (typeof verdict.until === 'number') expect(verdict.until).toBeGreaterThanOrEqual(CORPUS_NOW)
      }),
      { numRuns: 1_000 },
    )
  })

  it('says the same of an error inside a success as of the status it names', () => {
    for (const json of kinds) {
      const { error } = json as { error: { code?: number; http_status?: number } }
      const status = error.code ?? error.http_status ?? 200
      const common = {
        headers: {},
        body: JSON.stringify(json),
        json,
        path: '/chat/completions',
        now: CORPUS_NOW,
      }
      const inside = explainOpenRouterError({ ...common, status: 200 })
      expect(inside).toEqual(explainOpenRouterError({ ...common, status }))
    }
  })
})
