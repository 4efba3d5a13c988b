import type { Discovery, Task } from '@openmux/core'
import { type HandlerServer, serveHandlers } from '@openmux/testkit'
import { type HfDouble, hfDouble } from '@openmux/testkit/hf-remote'
import fc from 'fast-check'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readModelServers } from '../src/discover/model-servers.js'
import { hfRemote } from '../src/index.js'
import { callContext, TOKEN } from './support/context.js'

const double: HfDouble = hfDouble()
let server: HandlerServer

beforeAll(async () => {
  server = await serveHandlers([...double.handlers])
})
afterEach(() => {
  double.reset()
  server.reset()
})
afterAll(() => server.close())

async function discovered(task?: Task, token: string | undefined = TOKEN): Promise<Discovery> {
  const provider = hfRemote({
    environment: {},
    baseURL: server.url,
    hubURL: server.url,
    ...(token === undefined ? {} : { token }),
  })
  try {
    const found = await provider.discover?.(task === undefined ? {} : { task }, callContext())
    if (found === undefined) throw new Error('it cannot discover')
    return found
  } finally {
    await provider.close()
  }
}

test('tells which forms of addresses answer, and which do not', async () => {
  const { endpoints } = await discovered()
  const verdicts = Object.fromEntries(endpoints.map(({ id, verdict }) => [id, verdict]))
  expect(verdicts).toMatchObject({
    'router.chat': 'as-expected',
    'router.feature-extraction': 'as-expected',
    'retired.root': 'gone',
    'retired.models': 'gone',
    'retired.id': 'gone',
    'retired.body': 'gone',
  })
})

test('tells who serves a chat model, at which price and in which state', async () => {
  const { models } = await discovered('chat')
  const [first] = models
  // What costs nothing goes first.
  expect(first?.model.free).toBe(true)
  const known = models.find(({ model }) => model.id === 'openai/gpt-oss-120b')
  expect(known?.servedBy).toEqual([
    {
      name: 'groq',
      status: 'live',
      free: false,
      price: { inputPerMillion: 0.15, outputPerMillion: 0.75 },
      contextTokens: 131_072,
    },
    {
      name: 'cerebras',
      status: 'live',
      free: false,
      price: { inputPerMillion: 0.25, outputPerMillion: 0.69 },
      contextTokens: 65_536,
    },
    { name: 'nebius', status: 'error', free: true, price: { inputPerMillion: 0, outputPerMillion: 0 } },
  ])
  expect(models.every(({ model }) => model.tasks.includes('chat'))).toBe(true)
})

test('finds embedding models at every provider there is a route to', async () => {
  const { models } = await discovered('embeddings')
  expect(models[0]).toMatchObject({
    model: { id: 'sentence-transformers/all-MiniLM-L6-v2', space: { dimensions: 384 } },
    servedBy: [{ name: 'hf-inference', status: 'live' }],
  })
  expect(models.find(({ model }) => model.id === 'BAAI/bge-m3')?.servedBy).toEqual([
    { name: 'deepinfra', status: 'live' },
  ])
  expect(models.map(({ model }) => model.id)).not.toContain('microsoft/DialoGPT-medium')
})

test('puts models made for code first when code is asked for', async () => {
  const ids = (await discovered('code')).models
    .filter(({ model }) => !model.free)
    .map(({ model }) => model.id)
  expect(ids[0]).toContain('Coder')
})

test('says what it could not find out, and finds the rest', async () => {
  server.use(http.get('*/v1/models', () => new HttpResponse('Not Found', { status: 404 })))
  const { models, notes } = await discovered()
  expect(notes.join(' ')).toContain('Chat models could not be listed')
  expect(models.every(({ model }) => model.tasks.includes('embeddings'))).toBe(true)
  expect(models.length).toBeGreaterThan(0)
})

test('any answer is read without failing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const [id, servers] of readModelServers(value)) {
        expect(id).not.toBe('')
        for (const { name, status } of servers) expect([name, status]).not.toContain('')
      }
    }),
  )
  const provider = fc.record({ provider: fc.string(), pricing: fc.jsonValue(), status: fc.jsonValue() })
  const model = fc.record({ id: fc.string(), providers: fc.array(provider) })
  fc.assert(
    fc.property(fc.array(model), (data) => {
      for (const servers of readModelServers({ data }).values())
        for (const { price } of servers) expect(price?.inputPerMillion ?? 0).toBeGreaterThanOrEqual(0)
    }),
  )
})
