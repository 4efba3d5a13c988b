import type { ProbeCheck, ProbeVerdict } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import { openaiDouble } from '@openmux/testkit/openai'
import { http, HttpResponse } from 'msw'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openaiCompatible, type OpenAICompatibleOptions } from '../src/index.js'
import { callContext, KEY } from './support/context.js'

const double = openaiDouble({ apiKey: KEY })
const server = await serveHandlers(double.handlers)
afterAll(() => server.close())
beforeEach(() => {
  double.reset()
  server.reset()
})

async function probed(
  changes: Partial<OpenAICompatibleOptions> = {},
  spend = false,
): Promise<readonly ProbeCheck[]> {
  const provider = openaiCompatible({
    id: 'double',
    baseURL: `${server.url}/v1`,
    apiKey: KEY,
    environment: {},
    ...changes,
  })
  try {
    return (await provider.probe?.({ spend }, callContext())) ?? []
  } finally {
    await provider.close()
  }
}

function verdictOf(checks: readonly ProbeCheck[], id: string): ProbeVerdict | undefined {
  return checks.find((check) => check.id === id)?.verdict
}

function listed(body: unknown, status = 200): void {
  server.use(http.get('*/models', () => HttpResponse.json(body as object, { status })))
}

describe('probing a server of the OpenAI format', () => {
  test('asks for the list and nothing else', async () => {
    const checks = await probed()
    expect(checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['models', 'as-expected'],
      ['spend.chat', 'not-checked'],
      ['spend.code', 'not-checked'],
      ['spend.embeddings', 'not-checked'],
    ])
    // Some servers answer whatever they are sent, so not even an impossible request is.
    expect(server.requests().map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/models'])
  })

  test('tries a tiny answer for each task when it may spend', async () => {
    const checks = await probed({}, true)
    expect(checks.slice(1).map(({ verdict, spent }) => [verdict, spent])).toEqual([
      ['as-expected', true],
      ['as-expected', true],
      ['as-expected', true],
    ])
    expect(server.requests().filter(({ method }) => method === 'POST')).toHaveLength(3)
  })

  test('a list that names nothing that can be read has changed', async () => {
    listed({ models_v2: [{ name: 'a' }] })
    expect(verdictOf(await probed(), 'models')).toBe('changed-shape')
  })

  test.each([
    ['gone', 404],
    ['gone', 410],
    ['unauthorised', 403],
    ['quota', 429],
    ['unreachable', 500],
  ])('%s by status %s', async (verdict, status) => {
    listed({ error: { message: 'No.' } }, status)
    expect(verdictOf(await probed(), 'models')).toBe(verdict)
  })

  test('a key that is refused is told apart from none', async () => {
    expect(verdictOf(await probed({ apiKey: `${KEY}x` }), 'models')).toBe('unauthorised')
    const checks = await probed({ apiKey: '', requiresKey: true }, true)
    expect(verdictOf(checks, 'models')).toBe('not-checked')
    expect(verdictOf(checks, 'spend.chat')).toBe('not-checked')
    expect(server.requests().filter(({ method }) => method === 'POST')).toEqual([])
  })

  test('models that were named and are listed no more are gone', async () => {
    listed({ data: [{ id: 'kept' }, { id: 'models/with-folder' }] })
    const sound = await probed({ models: ['kept', 'with-folder'] })
    expect(verdictOf(sound, 'models.named')).toBe('as-expected')
    const named = (await probed({ models: ['kept', 'lost-1', 'lost-2'] })).find(
      ({ id }) => id === 'models.named',
    )
    expect(named).toMatchObject({ verdict: 'gone', evidence: expect.stringContaining('lost-1, lost-2') })
  })

  test('a server without a list, whose models are named, is no news', async () => {
    listed({ detail: 'Not Found' }, 404)
    const checks = await probed({ models: ['a'] })
    expect([verdictOf(checks, 'models'), verdictOf(checks, 'models.named')]).toEqual([
      'not-checked',
      'not-checked',
    ])
  })

  test('no key comes back in any evidence', async () => {
    listed({ error: { message: `Bearer ${KEY} and ${KEY}` } }, 400)
    expect(JSON.stringify(await probed({}, true))).not.toContain(KEY)
  })
})
