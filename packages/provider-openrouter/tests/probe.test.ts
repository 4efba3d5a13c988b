import type { Discovery, ProbeCheck, ProbeVerdict } from '@openmux/core'
import { type HandlerServer, type SeenRequest, serveHandlers } from '@openmux/testkit'
import { LISTED_MODELS, type OpenRouterDouble, openrouterDouble } from '@openmux/testkit/openrouter'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openrouter, type OpenRouterOptions } from '../src/index.js'
import { callContext, KEY } from './support/context.js'

const double: OpenRouterDouble = openrouterDouble({ apiKey: KEY })
let server: HandlerServer

beforeAll(async () => {
  server = await serveHandlers([...double.handlers])
})
afterEach(() => {
  double.reset()
  server.reset()
})
afterAll(() => server.close())

function made(options: OpenRouterOptions) {
  return openrouter({ environment: {}, baseURL: `${server.url}/api/v1`, ...options })
}

async function probed(
  spend = false,
  options: OpenRouterOptions = { apiKey: KEY },
): Promise<readonly ProbeCheck[]> {
  const provider = made(options)
  try {
    return (await provider.probe?.({ spend }, callContext())) ?? []
  } finally {
    await provider.close()
  }
}

function verdictOf(checks: readonly ProbeCheck[], id: string): ProbeVerdict | undefined {
  return checks.find((check) => check.id === id)?.verdict
}

/** Requests that some model could answer. */
function generating(requests: readonly SeenRequest[]): readonly SeenRequest[] {
  const known = LISTED_MODELS.map(({ id }) => id)
  return requests.filter(({ method, body }) => {
    if (method !== 'POST') return false
    const { model, messages = [], input = [] } = JSON.parse(body) as Record<string, unknown>
    const asks = (messages as readonly unknown[]).length + (input as readonly unknown[]).length > 0
    return asks || known.includes(String(model)) || model === undefined
  })
}

describe('probing OpenRouter', () => {
  test('finds everything as believed, in a stable order, and spends nothing', async () => {
    const checks = await probed()
    expect(checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['models', 'as-expected'],
      ['models.free', 'as-expected'],
      ['embeddings.models', 'as-expected'],
      ['key', 'as-expected'],
      ['chat', 'as-expected'],
      ['embeddings', 'as-expected'],
      ['spend.chat', 'not-checked'],
      ['spend.code', 'not-checked'],
      ['spend.embeddings', 'not-checked'],
    ])
    expect(checks.find(({ id }) => id === 'key')?.evidence).toContain('37 of 50 free requests left today')
    expect(generating(server.requests())).toEqual([])
  })

  test('tries one tiny answer of a free model for each task when it may spend', async () => {
    const checks = await probed(true)
    const spent = checks.filter((check) => check.spent)
    expect(spent.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['spend.chat', 'as-expected'],
      ['spend.code', 'as-expected'],
      ['spend.embeddings', 'as-expected'],
    ])
    const answered = generating(server.requests())
    expect(answered).toHaveLength(3)
    for (const { body } of answered.slice(0, 2)) {
      const { max_completion_tokens: most, model } = JSON.parse(body) as Record<string, unknown>
      expect(most).toBe(8)
      expect(String(model)).toContain(':free')
    }
  })

  test('reads the lists without a key, and says what it could not tell', async () => {
    const checks = await probed(true, {})
    expect(verdictOf(checks, 'models')).toBe('as-expected')
    for (const id of ['key', 'chat', 'embeddings', 'spend.chat'])
      expect([id, verdictOf(checks, id)]).toEqual([id, 'not-checked'])
    expect(generating(server.requests())).toEqual([])
  })

  test.each([
    ['gone', 'chat', { status: 404, body: 'Not Found', headers: { 'content-type': 'text/plain' } }],
    [
      'gone',
      'chat',
      { status: 410, body: { error: { message: 'This model endpoint was retired', code: 410 } } },
    ],
    ['moved', 'chat', { status: 301, body: '', headers: { location: 'https://elsewhere.example/v2' } }],
    ['unauthorised', 'chat', { status: 401, body: { error: { message: 'User not found.', code: 401 } } }],
    ['quota', 'chat', { status: 402, body: { error: { message: 'Insufficient credits.', code: 402 } } }],
    ['quota', 'chat', { status: 429, body: { error: { message: 'Rate limit exceeded', code: 429 } } }],
    ['unreachable', 'chat', { status: 503, body: { error: { message: 'Down', code: 503 } } }],
    ['changed-shape', 'chat', { status: 200, body: { id: 'gen-1', choices: [] } }],
  ] as const)('%s: the route of %s', async (verdict, id, refusal) => {
    double.refuse('/chat/completions', refusal)
    expect(verdictOf(await probed(), id)).toBe(verdict)
  })

  test('an error inside a success is read as the error it is', async () => {
    double.refuse('/models', { status: 200, body: { error: { message: 'Unauthorized', code: 401 } } })
    expect(verdictOf(await probed(), 'models')).toBe('unauthorised')
  })

  test.each([
    ['no list', { models: [] }],
    ['prices that are objects', { data: [{ id: 'a/b', pricing: { prompt: { usd: 1 } } }] }],
    [
      'supported_parameters under another name',
      { data: [{ id: 'a/b', pricing: { prompt: '0', completion: '0' }, parameters: ['tools'] }] },
    ],
    [
      'models that answer in pictures only',
      { data: [{ id: 'a/b', architecture: { output_modalities: ['image'] } }] },
    ],
  ])('a changed form of the list: %s', async (_name, body) => {
    double.refuse('/models', { status: 200, body })
    expect(verdictOf(await probed(), 'models')).toBe('changed-shape')
  })

  test('that no model is free any more is news', async () => {
    double.listModels(
      LISTED_MODELS.filter(({ id }) => !id.endsWith(':free') && !id.startsWith('openrouter/')),
    )
    const checks = await probed()
    expect([verdictOf(checks, 'models'), verdictOf(checks, 'models.free')]).toEqual(['as-expected', 'gone'])
  })

  test.each([
    ['quota', { free_model_daily_requests: { used: 50, limit: 50, remaining: 0 } }],
    ['quota', { limit: 5, limit_remaining: 0 }],
    ['unauthorised', { is_management_key: true }],
    ['unauthorised', { expires_at: '2020-01-01T00:00:00Z' }],
  ])('%s by the status of the key', async (verdict, members) => {
    double.describeKey(members)
    expect(verdictOf(await probed(), 'key')).toBe(verdict)
  })

  test('a status of the key without its members has changed', async () => {
    double.refuse('/key', { status: 200, body: { data: { name: 'x' } } })
    expect(verdictOf(await probed(), 'key')).toBe('changed-shape')
  })

  test('no key comes back in any evidence, whatever a server quotes', async () => {
    server.use(
      http.all('*', ({ request }) =>
        HttpResponse.json(
          { error: { message: `key ${request.headers.get('authorization') ?? ''} ${KEY}`, code: 400 } },
          { status: 400 },
        ),
      ),
    )
    expect(JSON.stringify(await probed(true))).not.toContain('canary')
  })

  test('a server that is gone is unreachable', async () => {
    const nowhere = await serveHandlers([])
    await nowhere.close()
    const checks = await probed(false, { apiKey: KEY, baseURL: nowhere.url })
    expect(new Set(checks.slice(0, 6).map(({ verdict }) => verdict))).toEqual(new Set(['unreachable']))
  })
})

describe('discovering OpenRouter', () => {
  async function discovered(
    task?: 'chat' | 'code' | 'embeddings',
    options: OpenRouterOptions = {},
  ): Promise<Discovery> {
    const provider = made(options)
    try {
      const found = await provider.discover?.(task === undefined ? {} : { task }, callContext())
      if (found === undefined) throw new Error('it cannot discover')
      return found
    } finally {
      await provider.close()
    }
  }

  test('names free models only, without a key and without generating', async () => {
    const { models, notes } = await discovered()
    expect(models.length).toBeGreaterThan(3)
    expect(models.every(({ model }) => model.free)).toBe(true)
    expect(notes.join(' ')).toContain('No key is set')
    expect(generating(server.requests())).toEqual([])
  })

  test('narrows to a task', async () => {
    const { models } = await discovered('embeddings')
    expect(models.length).toBeGreaterThan(0)
    for (const { model } of models) expect(model.tasks).toEqual(['embeddings'])
    const code = await discovered('code')
    expect(code.models[0]?.model.id).toContain('laguna')
  })

  test('tells which models go away, and when', async () => {
    const [first] = LISTED_MODELS
    if (first === undefined) throw new Error('the double lists no models')
    double.listModels([{ ...first, expiration_date: '2099-03-01' }])
    expect((await discovered('chat')).models[0]?.note).toContain('2099-03-01')
  })

  test('says that the list cannot be had, and still which addresses answer', async () => {
    double.refuse('/models', { status: 404, body: 'Not Found' })
    const { models, notes, endpoints } = await discovered()
    expect(models).toEqual([])
    expect(notes.join(' ')).toContain('could not be listed')
    expect(verdictOf(endpoints, 'models')).toBe('gone')
    expect(verdictOf(endpoints, 'embeddings.models')).toBe('as-expected')
  })
})
