import type { Capability, ModelCard, ModelNeed, Task } from '@openmux/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recommendModels } from '../src/index.js'
import { context, withDouble } from './support/with-double.js'

const { double, provider, server } = await withDouble()
const CHAT: ModelNeed = { task: 'chat', capabilities: [] }

describe('the cards', () => {
  it('say what the server says', async () => {
    double.putInMemory('qwen3:0.6b', 8_192)
    const cards = new Map((await provider().models(context())).map((card) => [card.id, card]))
    expect(cards.get('qwen3:0.6b')).toEqual({
      id: 'qwen3:0.6b',
      tasks: ['chat', 'code'],
      state: 'loaded',
      contextTokens: 40_960,
      supports: { tools: true, vision: false, reasoning: true, prefill: false },
      free: true,
      sizeBytes: 522_653_767,
      parameters: 751_630_000,
      quantization: 'Q4_K_M',
    })
    expect(cards.get('nomic-embed-text:latest')).toMatchObject({
      tasks: ['embeddings'],
      state: 'installed',
      space: { model: 'nomic-embed-text', dimensions: 64, pooling: 'mean', normalized: true },
    })
    expect(cards.get('qwen2.5-coder:1.5b')?.tasks).toEqual(['code', 'chat'])
    expect(cards.get('gemma3:4b')?.supports).toMatchObject({ vision: true, tools: false })
  })

  it('are made without asking twice about the same weights', async () => {
    const target = provider()
    await target.models(context())
    const before = server.requests().length
    await target.models(context())
    expect(
      server
        .requests()
        .slice(before)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['/api/ps', '/api/tags'])
  })

  it('of a model that the server cannot describe are made of its tag', async () => {
    double.refuseNext('/api/show', { status: 500, body: '{"error":"unexpected EOF"}' })
    const cards = await provider().models(context())
    expect(cards).toHaveLength(5)
  })

  it('of cloud models say that they are hosted and not free', async () => {
    double.install({
      name: 'gpt-oss:120b-cloud',
      remoteHost: 'https://ollama.com:443',
      remoteModel: 'gpt-oss:120b',
    })
    const find = async (target = provider()) =>
      (await target.models(context())).find(({ id }) => id === 'gpt-oss:120b-cloud')
    expect(await find()).toMatchObject({ state: 'hosted', free: false })
    expect(await find(provider({ cloudModels: false }))).toBeUndefined()
    const recommended = await provider().recommend(CHAT, context())
    expect(recommended.map(({ model }) => model.id)).not.toContain('gpt-oss:120b-cloud')
  })
})

describe('an old server', async () => {
  const old = await withDouble({ version: '0.5.0' })

  it('tells no capabilities: chat and embedding models are told apart by name and family', async () => {
    const cards = await old.provider().models(context())
    expect(cards.filter(({ tasks }) => tasks.includes('embeddings')).map(({ id }) => id)).toEqual([
      'nomic-embed-text:latest',
    ])
    expect(cards.find(({ id }) => id === 'llama3.2:1b')?.supports).not.toHaveProperty('tools')
  })
})

describe('the choice of a model', () => {
  const names = async (task: Task, capabilities: readonly Capability[] = []) =>
    (await provider().recommend({ task, capabilities }, context())).map(({ model }) => model.id)

  it('takes what is in memory first', async () => {
    double.putInMemory('qwen3:0.6b')
    const [first] = await provider().recommend(CHAT, context())
    expect(first?.model.id).toBe('qwen3:0.6b')
    expect(first?.reason).toContain('in memory already')
  })

  it('takes the largest that fits comfortably, code models for code', async () => {
    expect((await names('chat'))[0]).toBe('gemma3:4b')
    expect((await names('code'))[0]).toBe('qwen2.5-coder:1.5b')
    expect((await provider().recommend({ task: 'code', capabilities: [] }, context()))[0]?.reason).toContain(
      'made for code',
    )
  })

  it('leaves out what cannot do what is needed', async () => {
    expect(await names('chat', ['tools'])).not.toContain('gemma3:4b')
    expect(await names('chat', ['vision'])).toEqual(['gemma3:4b'])
    expect(await names('chat', ['logprobs'])).toEqual([])
  })

  it('never takes one kind for the other', async () => {
    expect(await names('embeddings')).toEqual(['nomic-embed-text:latest'])
    expect(await names('chat')).not.toContain('nomic-embed-text:latest')
  })

  it('puts models last that may not fit, and says so', () => {
    const card = (id: string, sizeBytes: number, parameters: number): ModelCard => ({
      id,
      tasks: ['chat'],
      state: 'installed',
      free: true,
      sizeBytes,
      parameters,
    })
    const cards = [
      card('big', 40e9, 70e9),
      card('middle', 10e9, 14e9),
      card('small', 2e9, 3e9),
      card('tiny', 1e9, 1e9),
    ]
    const choices = recommendModels(cards, CHAT, { memoryBytes: 16e9 })
    expect(choices.map(({ model }) => model.id)).toEqual(['small', 'tiny', 'middle', 'big'])
    expect(choices[3]?.reason).toContain('may not fit')
    expect(recommendModels(cards, CHAT)[0]?.model.id).toBe('big')
  })

  it('is an order: it does not depend on how the models are listed', () => {
    const state = fc.constantFrom('loaded' as const, 'installed' as const)
    const optional = (max: number) => fc.option(fc.integer({ min: 1, max }), { nil: undefined })
    const cards = fc.uniqueArray(
      fc.record({
        id: fc.stringMatching(/^[a-z]{1,6}(-coder|-base)?$/),
        state,
        size: optional(60),
        weights: optional(70),
        window: optional(9),
      }),
      { selector: ({ id }) => id, maxLength: 8 },
    )
    fc.assert(
      fc.property(cards, fc.constantFrom<Task>('chat', 'code'), fc.nat(), (some, task, turn) => {
        const list = some.map(({ id, state: where, size, weights, window }): ModelCard => ({
          id,
          tasks: ['chat', 'code'],
          state: where,
          free: true,
          ...(size === undefined ? {} : { sizeBytes: size * 1e9 }),
          ...(weights === undefined ? {} : { parameters: weights * 1e9 }),
          ...(window === undefined ? {} : { contextTokens: window * 4_096 }),
        }))
        const order = (given: readonly ModelCard[]) =>
          recommendModels(given, { task, capabilities: [] }, { memoryBytes: 32e9 }).map(
            ({ model }) => model.id,
          )
        const at = list.length === 0 ? 0 : turn % list.length
        expect(order([...list.slice(at), ...list.slice(0, at)])).toEqual(order(list))
        expect(order(list)).toHaveLength(list.length)
      }),
    )
  })
})
