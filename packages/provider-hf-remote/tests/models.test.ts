import type { ModelCard, Provider } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import { hfDouble, hfError, type MappingForm } from '@openmux/testkit/hf-remote'
import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { hfRemote, type HfRemoteOptions, liveFor, readMapping } from '../src/index.js'
import { readModelReference } from '../src/models/model-reference.js'
import { readRouterModels } from '../src/models/read-router-models.js'
import { ask, callContext, EMBED_MODEL, failureOf, TOKEN } from './support/context.js'

const double = hfDouble({ token: TOKEN })
const server = await serveHandlers(double.handlers)
const opened: Provider[] = []
afterEach(async () => {
  server.reset()
  double.reset()
  await Promise.all(opened.splice(0).map((one) => one.close()))
})
afterAll(() => server.close())

function remote(options: HfRemoteOptions = {}): Provider {
  const provider = hfRemote({ baseURL: server.url, hubURL: server.url, token: TOKEN, ...options })
  opened.push(provider)
  return provider
}

function cardOf(cards: readonly ModelCard[], id: string): ModelCard | undefined {
  return cards.find((card) => card.id === id)
}

describe('models()', () => {
  it('tells prices in USD per million tokens, as they come, the highest of the live providers', async () => {
    const card = cardOf(await remote().models(callContext()), 'openai/gpt-oss-120b')
    expect(card).toMatchObject({
      price: { inputPerMillion: 0.25, outputPerMillion: 0.75 },
      contextTokens: 65_536,
      free: false,
      supports: { tools: true, vision: false },
    })
    // One of two has it: the attempt decides.
    expect(card?.supports).not.toHaveProperty('jsonSchema')
  })

  it.each([{}, { data: {} }, { models: [] }])(
    'is no empty list when the router answers with %j',
    async (body) => {
      double.refuse('models', { ...hfError('500 internal error'), status: 200, body })
      const failure = await failureOf(() => remote().models(callContext()))
      expect(failure).toMatchObject({ code: 'bad-response', provider: 'hf-remote' })
    },
  )

  it('does not count providers that are not live', async () => {
    const cards = await remote().models(callContext())
    expect(cardOf(cards, 'openai/gpt-oss-120b:nebius')).toBeUndefined()
    expect(cardOf(cards, 'example/staging-model')).toBeUndefined()
  })

  it('knows a free model, and names the free provider of one that is not free everywhere', async () => {
    const cards = await remote().models(callContext())
    expect(cardOf(cards, 'swiss-ai/Apertus-8B-Instruct-2509')).toMatchObject({
      free: true,
      supports: { tools: false },
    })
    expect(cardOf(cards, 'Qwen/Qwen3-Coder-30B-A3B-Instruct')).toMatchObject({ free: false })
    expect(cardOf(cards, 'Qwen/Qwen3-Coder-30B-A3B-Instruct:publicai')).toMatchObject({
      free: true,
      contextTokens: 32_768,
    })
  })

  it('lists the embedding models that are served, the usual one first, with the space where it is known', async () => {
    const cards = (await remote().models(callContext())).filter(({ tasks }) => tasks.includes('embeddings'))
    expect(cards[0]).toMatchObject({
      id: EMBED_MODEL,
      space: { model: 'all-minilm-l6-v2', dimensions: 384, pooling: 'mean', normalized: true },
    })
    expect(cards.map(({ id }) => id)).toContain('BAAI/bge-small-en-v1.5')
  })

  it('recommends free models first', async () => {
    const choices = await remote().recommend?.({ task: 'chat', capabilities: [] }, callContext())
    expect(choices?.[0]).toMatchObject({
      model: { free: true },
      reason: expect.stringContaining('free') as unknown,
    })
  })

  it('with allowPaid: false lists free models alone and refuses the others before anything is sent', async () => {
    const provider = remote({ allowPaid: false })
    expect((await provider.models(callContext())).every(({ free }) => free)).toBe(true)
    const error = await failureOf(() => ask(provider))
    expect(error).toMatchObject({ code: 'unsupported' })
    expect(server.requests().every(({ method }) => method === 'GET')).toBe(true)
    await ask(provider, { model: 'swiss-ai/Apertus-8B-Instruct-2509' })
  })

  it('reads anything without failing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        readRouterModels(value)
        readRouterModels({ data: [value, { id: 'a/b', providers: [value] }] })
        readMapping(value)
        readMapping({ inferenceProviderMapping: value })
      }),
    )
  })
})

describe('who serves a model', () => {
  const ENTRY = { status: 'live', providerId: 'x', task: 'conversational' }

  it.each([
    ['object', { inferenceProviderMapping: { groq: ENTRY } }, ['groq']],
    ['array', { inferenceProviderMapping: [{ provider: 'groq', hfModelId: 'a/b', ...ENTRY }] }, ['groq']],
    ['empty array', { inferenceProviderMapping: [] }, []],
    ['empty object', { inferenceProviderMapping: {} }, []],
    ['absent', {}, []],
    ['null', { inferenceProviderMapping: null }, []],
  ])('is read in the form %s', (_form, answer, providers) => {
    expect(liveFor(readMapping(answer), 'chat').map(({ provider }) => provider)).toEqual(providers)
  })

  it.each(['object', 'array'] satisfies MappingForm[])(
    'in the %s form: those who do are named',
    async (form) => {
      double.mappingForm(form)
      const error = await failureOf(() => ask(remote(), { model: 'openai/gpt-oss-120b:novita' }))
      expect(error).toMatchObject({ code: 'model-not-served', model: 'openai/gpt-oss-120b:novita' })
      expect(error.message).toBe('novita does not serve openai/gpt-oss-120b for chat; groq, cerebras do.')
      expect(error.hint).toContain('openai/gpt-oss-120b:groq')
    },
  )

  it('names the state when nobody serves it at present', async () => {
    const error = await failureOf(() => ask(remote(), { model: 'example/staging-model' }))
    expect(error.message).toBe('Nobody serves example/staging-model at present: novita (staging).')
  })

  it('says so when the account has switched off those who do', async () => {
    double.refuse('chat', hfError('400 model_not_supported'))
    const error = await failureOf(() => ask(remote()))
    expect(error.code).toBe('model-not-served')
    expect(error.hint).toContain('https://huggingface.co/settings/inference-providers')
  })

  it('keeps what the router said when the hub cannot be asked', async () => {
    double.refuse('mapping', hfError('hub: 500'))
    const error = await failureOf(() => ask(remote(), { model: 'no/such-model' }))
    expect(error).toMatchObject({ code: 'model-not-found', upstream: { status: 400 } })
  })

  it('costs no lookup when a chat succeeds', async () => {
    await ask(remote())
    expect(server.requests().map(({ path }) => path)).toEqual(['/v1/chat/completions'])
  })
})

describe('a name of a model', () => {
  it.each([
    ['a/b', { id: 'a/b' }],
    ['a/b:groq', { id: 'a/b', provider: 'groq' }],
    ['a/b:cheapest', { id: 'a/b', policy: 'cheapest' }],
    ['a/b:', { id: 'a/b:' }],
    ['gpt2', { id: 'gpt2' }],
  ])('%s', (name, reference) => expect(readModelReference(name)).toEqual(reference))
})
