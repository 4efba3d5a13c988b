import { serveHandlers } from '@openmux/testkit'
import { openaiDouble, openaiFixture } from '@openmux/testkit/openai'
import { http, HttpResponse } from 'msw'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openaiCompatible, type OpenAICompatibleOptions, readModelCards } from '../src/index.js'
import { callContext, failureOf, KEY } from './support/context.js'

const double = openaiDouble({ apiKey: KEY })
const server = await serveHandlers(double.handlers)
afterAll(() => server.close())
beforeEach(() => {
  double.reset()
  server.reset()
})

function provider(changes: Partial<OpenAICompatibleOptions> = {}): ReturnType<typeof openaiCompatible> {
  return openaiCompatible({
    id: 'double',
    baseURL: `${server.url}/v1`,
    apiKey: KEY,
    environment: {},
    ...changes,
  })
}

describe('ready()', () => {
  it('asks for the list and nothing else', async () => {
    expect(await provider().ready(callContext())).toEqual({ ready: true, detail: 'double, 3 models' })
    expect(server.requests().map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/models'])
  })

  it('says that the key is wrong', async () => {
    const readiness = await provider({ apiKey: `${KEY}-wrong`, apiKeyVariable: 'DOUBLE_KEY' }).ready(
      callContext(),
    )
    expect(readiness).toMatchObject({
      ready: false,
      reason: expect.stringContaining('does not take the key'),
      remedies: [expect.stringContaining('DOUBLE_KEY')],
    })
    expect(JSON.stringify(readiness)).not.toContain(KEY)
  })

  it('says that a key is wanted', async () => {
    const { apiKey: _key, ...keyless } = { apiKey: '', id: 'double', baseURL: `${server.url}/v1` }
    expect(await openaiCompatible(keyless).ready(callContext())).toMatchObject({
      ready: false,
      reason: expect.stringContaining('none is set'),
    })
  })

  it('says how to start a server that does not run', async () => {
    const readiness = await openaiCompatible({ preset: 'vllm', baseURL: 'http://127.0.0.1:9/v1' }).ready(
      callContext(),
    )
    expect(readiness).toMatchObject({ ready: false, reason: expect.stringContaining('127.0.0.1:9') })
    expect(JSON.stringify(readiness)).toContain('vllm serve')
  })

  it('says that /v1 may be missing', async () => {
    server.use(http.get('*/models', () => HttpResponse.json({ detail: 'Not Found' }, { status: 404 })))
    const readiness = await provider({ baseURL: server.url }).ready(callContext())
    expect(readiness.ready).toBe(false)
    expect(JSON.stringify(readiness)).toContain(`${server.url}/v1`)
  })

  it('a server without a list is ready when the user named its models', async () => {
    server.use(http.get('*/models', () => HttpResponse.json({ detail: 'Not Found' }, { status: 404 })))
    expect(await provider({ models: ['a', 'b'] }).ready(callContext())).toMatchObject({
      ready: true,
      detail: expect.stringContaining('2 models'),
    })
    expect((await provider({ models: ['a', 'b'] }).models(callContext())).map(({ id }) => id)).toEqual([
      'a',
      'b',
    ])
  })

  it.each([
    [
      'a web page',
      () =>
        new HttpResponse('<html><title>Router login</title></html>', {
          headers: { 'content-type': 'text/html' },
        }),
      'not as a server of the OpenAI format',
    ],
    [
      'an error in a 200',
      () => HttpResponse.json({ error: 'The list is not ready.' }),
      'The list is not ready.',
    ],
    [
      'a path that LM Studio does not have, in a 200',
      () => HttpResponse.json({ error: 'Unexpected endpoint or method. (GET /models)' }),
      'has no list of models',
    ],
    ['an empty list', () => HttpResponse.json({ object: 'list', data: null }), 'lists no model'],
    [
      'a redirect',
      () =>
        new HttpResponse(null, {
          status: 308,
          headers: { location: 'https://elsewhere.example.com/?token=x' },
        }),
      'elsewhere.example.com',
    ],
    ['an overload', () => HttpResponse.json({ error: { message: 'busy' } }, { status: 503 }), 'busy'],
  ])('tells %s', async (_name, answer, words) => {
    server.use(http.get('*/models', answer))
    const readiness = await provider().ready(callContext())
    expect(readiness).toMatchObject({ ready: false, reason: expect.stringContaining(words) })
    if (!readiness.ready) expect(readiness.remedies.length).toBeGreaterThan(0)
  })
})

describe('models()', () => {
  it('fails when the server cannot be asked', async () => {
    double.refuse('/models', openaiFixture('refused: 503 overloaded'))
    expect(await failureOf(() => provider().models(callContext()))).toMatchObject({
      code: 'unavailable',
      provider: 'double',
    })
  })

  it('takes cards from the user as they are', async () => {
    const space = { model: 'mini', dimensions: 384, pooling: 'mean', normalized: true } as const
    const models = await provider({
      models: [{ id: 'mini-embed', space, contextTokens: 256 }, 'big'],
    }).models(callContext())
    expect(models).toEqual([
      { id: 'mini-embed', tasks: ['embeddings'], state: 'installed', free: true, space, contextTokens: 256 },
      { id: 'big', tasks: ['chat', 'code'], state: 'installed', free: true },
    ])
  })

  it('asks nothing of a service without a list', async () => {
    const none = provider({ hooks: { modelsPath: null } })
    expect(await failureOf(() => none.models(callContext()))).toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('models'),
    })
    expect(server.requests()).toEqual([])
  })
})

describe('cards of a list', () => {
  const REMOTE = { locality: 'remote', tasks: ['chat', 'code', 'embeddings'] } as const

  it.each([
    ['vLLM', { data: [{ id: 'm', max_model_len: 32768 }] }, { id: 'm', contextTokens: 32768 }],
    [
      'Groq',
      { data: [{ id: 'm', context_window: 131072, max_completion_tokens: 8192, active: true }] },
      { contextTokens: 131072, maxOutputTokens: 8192 },
    ],
    [
      'Mistral',
      {
        data: [
          {
            id: 'm',
            name: 'M',
            max_context_length: 1000,
            capabilities: { completion_chat: true, function_calling: false, vision: false },
          },
        ],
      },
      { name: 'M', contextTokens: 1000, supports: { tools: false, vision: false } },
    ],
    [
      'Together',
      [{ id: 'm', type: 'embedding', context_length: 512, pricing: { input: 0.01, output: 0 } }],
      { tasks: ['embeddings'], contextTokens: 512, price: { inputPerMillion: 0.01, outputPerMillion: 0 } },
    ],
    [
      'DeepInfra',
      {
        data: [
          {
            id: 'm',
            metadata: { context_length: 4096, pricing: { input_tokens: 0.02, output_tokens: 0.06 } },
          },
        ],
      },
      { contextTokens: 4096, price: { inputPerMillion: 0.02, outputPerMillion: 0.06 } },
    ],
    [
      'llama.cpp',
      { data: [{ id: 'm', meta: { n_ctx_train: 131072, n_params: 8030261312, size: 4912898304 } }] },
      { contextTokens: 131072, parameters: 8030261312, sizeBytes: 4912898304 },
    ],
    ['a free model', { data: [{ id: 'm', pricing: { input: 0, output: 0 } }] }, { free: true }],
    [
      'unknown prices and limits',
      { data: [{ id: 'm', context_length: null, max_model_len: 0, pricing: { input: -1, output: 'x' } }] },
      { id: 'm', free: false },
    ],
  ])('of %s', (_name, answer, wanted) => {
    const [card] = readModelCards(answer, REMOTE)
    expect(card).toMatchObject({ state: 'hosted', ...wanted })
    if (_name === 'unknown prices and limits') expect(card).not.toHaveProperty('price')
  })

  it('know by their names what they are for, and leave out the rest', () => {
    const ids = [
      'llama-3.3-70b',
      'qwen2.5-coder-7b',
      'BAAI/bge-m3',
      'nomic-embed-text',
      'text-embedding-3-small',
      'all-MiniLM-L6-v2',
      'all-minilm:latest',
      'whisper-large-v3',
      'tts-1',
      'llama-guard-4-12b',
      'dall-e-3',
      'bge-reranker-v2-m3',
      'mistral-ocr-latest',
    ]
    const cards = readModelCards({ data: ids.map((id) => ({ id })) }, REMOTE)
    expect(cards.map(({ id, tasks }) => `${id}: ${tasks.join()}`)).toEqual([
      'llama-3.3-70b: chat,code',
      'qwen2.5-coder-7b: chat,code',
      'BAAI/bge-m3: embeddings',
      'nomic-embed-text: embeddings',
      'text-embedding-3-small: embeddings',
      'all-MiniLM-L6-v2: embeddings',
      'all-minilm:latest: embeddings',
    ])
  })

  it('of anything else are none', () => {
    for (const answer of [null, 7, 'x', {}, { data: null }, { data: [null, 7, {}, { id: '' }] }, []])
      expect(readModelCards(answer, REMOTE)).toEqual([])
  })
})

describe('recommend()', () => {
  it('keeps the order of the user and puts models for code first for code', async () => {
    const mine = provider({ models: ['general', 'devstral', 'my-embed'] })
    const ids = async (task: 'chat' | 'code' | 'embeddings'): Promise<readonly string[]> =>
      ((await mine.recommend?.({ task, capabilities: [] }, callContext())) ?? []).map(({ model }) => model.id)
    expect(await ids('chat')).toEqual(['general', 'devstral'])
    expect(await ids('code')).toEqual(['devstral', 'general'])
    expect(await ids('embeddings')).toEqual(['my-embed'])
  })

  it('leaves out what a card denies', async () => {
    const mine = provider({ models: [{ id: 'blind', supports: { vision: false } }, 'other'] })
    const choices = await mine.recommend?.({ task: 'chat', capabilities: ['vision'] }, callContext())
    expect(choices?.map(({ model }) => model.id)).toEqual(['other'])
  })
})
