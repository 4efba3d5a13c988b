import { systemClock } from '@openmux/core'
import { createHttpClient, type ErrorExplainer } from '@openmux/http'
import { HF_ERROR_CORPUS, hfErrorResponse, type HfErrorFixture } from '@openmux/testkit/hf-remote'
import { describe, expect, it } from 'vitest'
import { explainEndpoint, explainRouter } from '../src/index.js'
import { failureOf, TOKEN } from './support/context.js'

/** A Monday in the middle of a month. */
const NOW = Date.UTC(2026, 10, 23, 12)
const NEXT_MONTH = Date.UTC(2026, 11, 1)

describe('the corpus of error answers', () => {
  it('holds at least 45, each with its source, mark and a name of its own', () => {
    expect(HF_ERROR_CORPUS.length).toBeGreaterThanOrEqual(45)
    expect(new Set(HF_ERROR_CORPUS.map(({ name }) => name)).size).toBe(HF_ERROR_CORPUS.length)
    for (const { source, mark } of HF_ERROR_CORPUS) {
      expect(source).not.toBe('')
      expect(['verified', 'captured', 'uncertain']).toContain(mark)
    }
  })

  it.each(HF_ERROR_CORPUS.map((fixture) => [fixture.name, fixture] as const))(
    '%s',
    async (_name, fixture) => {
      const error = await failureOf(() => meet(fixture))
      const { code, scope, until } = fixture.expected
      expect({ code: error.code, scope: error.scope, until: error.until }).toEqual({
        code,
        scope,
        until: until === 'next-month' ? NEXT_MONTH : typeof until === 'number' ? NOW + until : until,
      })
      expect(error.hint).not.toBe('')
      expect(JSON.stringify(error)).not.toContain(TOKEN)
    },
  )
})

/** Reads the fixture as the provider does: by its HTTP client and its own table. */
async function meet(fixture: HfErrorFixture): Promise<void> {
  const explain: ErrorExplainer = fixture.surface === 'endpoint' ? explainEndpoint : explainRouter
  const client = createHttpClient({
    provider: 'hf-remote',
    baseURL: 'https://router.huggingface.co',
    apiKey: TOKEN,
    explain,
    fetch: async (input, init) => hfErrorResponse(fixture, new Request(input, { ...init, signal: null })),
  })
  const context = { signal: new AbortController().signal, clock: { ...systemClock, now: () => NOW } }
  const call = { path: '/v1/chat/completions', json: { model: 'a/b' }, model: 'a/b', context }
  const { value, status, headers } = await client.json(call)
  // An error with a success status is found by whoever reads the answer.
  throw client.failure({ status, headers, body: value, model: 'a/b', path: call.path }, context)
}
