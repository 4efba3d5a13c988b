import type { Capability } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import { LISTED_MODELS, openrouterDouble } from '@openmux/testkit/openrouter'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type OpenRouterOptions, openrouter } from '../src/index.js'
import { perMillion } from '../src/models/price.js'
import { callContext, clockAt, failureOf, hello, KEY, outcomeOf } from './support/context.js'

const double = openrouterDouble({ apiKey: KEY })
const server = await serveHandlers(double.handlers)
const open = (options: OpenRouterOptions = {}): ReturnType<typeof openrouter> =>
  openrouter({ baseURL: `${server.url}/api/v1`, apiKey: KEY, environment: {}, ...options })
afterAll(() => server.close())
beforeEach(() => {
  double.reset()
  server.reset()
})

async function cards(): Promise<
  ReadonlyMap<string, Awaited<ReturnType<ReturnType<typeof open>['models']>>[number]>
> {
  const provider = open()
  const listed = await provider.models(callContext())
  await provider.close()
  return new Map(listed.map((card) => [card.id, card]))
}

describe('prices', () => {
  it.each([
    ['0.0000005', 0.5],
    ['0.0000001', 0.1],
    ['0.00000018', 0.18],
    ['5e-7', 0.5],
    ['0.0', 0],
    ['0', 0],
    [0.000002, 2],
    ['-1', undefined],
    [-1, undefined],
    ['', undefined],
    ['free', undefined],
    ['1,5', undefined],
    ['Infinity', undefined],
    ['1e999', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j a token is %j a million', (price, expected) => {
    expect(perMillion(price)).toBe(expected)
  })

  it('lose no digit on the way to a million', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.integer({ min: 6, max: 14 }), (digits, places) => {
        const text = `0.${String(digits).padStart(places, '0').slice(-places)}`
        const moved = `${text.slice(2).padEnd(6, '0').slice(0, 6)}.${text.slice(2).padEnd(7, '0').slice(6)}`
        expect(perMillion(text)).toBe(Number(moved))
      }),
    )
  })

  it('never turn noise into a price below zero', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue()), (noise) => {
        const price = perMillion(noise)
        expect(price === undefined || (price >= 0 && Number.isFinite(price))).toBe(true)
      }),
    )
  })
})

describe('the cards', () => {
  it('tell context, prices, what a model can do and whether it is free', async () => {
    const found = await cards()
    expect(found.get('google/gemma-4-31b-it')).toMatchObject({
      free: false,
      state: 'hosted',
      tasks: ['chat', 'code'],
      contextTokens: 262_144,
      maxOutputTokens: 32_768,
      price: { inputPerMillion: 0.1, outputPerMillion: 0.4 },
      supports: { vision: true, tools: true, jsonSchema: true, reasoning: true, seed: true },
    })
    expect(found.get('poolside/laguna-s-2.1:free')).toMatchObject({
      free: true,
      supports: { tools: true, json: false, jsonSchema: false, vision: false },
    })
  })

  it('leave out what is not known: a context of null, a price below zero, parameters nobody listed', async () => {
    const found = await cards()
    expect(found.get('double/no-context')).not.toHaveProperty('contextTokens')
    expect(found.get('double/no-context')?.supports).toEqual({ vision: false })
    expect(found.get('openrouter/auto')).toMatchObject({ free: false })
    expect(found.get('openrouter/auto')).not.toHaveProperty('price')
  })

  it('hold no model that draws, none that is gone, and the embedding models', async () => {
    const found = await cards()
    expect(found.has('double/draws-only')).toBe(false)
    expect(found.has('double/expired:free')).toBe(false)
    expect(found.get('double/tiny-embed:free')).toMatchObject({ tasks: ['embeddings'], free: true })
    expect(found.get('openai/text-embedding-3-small')).toMatchObject({
      free: false,
      price: { inputPerMillion: 0.02 },
    })
  })

  it('need no key', async () => {
    const provider = openrouter({ baseURL: `${server.url}/api/v1`, environment: {} })
    expect((await provider.models(callContext())).length).toBeGreaterThan(3)
    await provider.close()
  })

  it('survive any list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), async (data) => {
        const provider = openrouter({
          environment: {},
          fetch: () => Promise.resolve(Response.json({ data })),
        })
        expect(Array.isArray(await provider.models(callContext()))).toBe(true)
        await provider.close()
      }),
      { numRuns: 50 },
    )
  })

  it.each([[{}], [{ data: null }], [[]], ['no list'], [{ error: { code: 500, message: 'broken' } }]])(
    'of no list are an error, never an empty list: %j',
    async (body) => {
      const provider = openrouter({ environment: {}, fetch: () => Promise.resolve(Response.json(body)) })
      const { code } = await failureOf(() => provider.models(callContext()))
      expect(['bad-response', 'unavailable']).toContain(code)
    },
  )

  it('are asked for once in some minutes', async () => {
    const provider = open({ modelsForMs: 60_000 })
    const now = Date.now()
    await provider.models(callContext({ clock: clockAt(now) }))
    await provider.models(callContext({ clock: clockAt(now + 59_000) }))
    expect(server.requests().length).toBe(2)
    await provider.models(callContext({ clock: clockAt(now + 60_000) }))
    expect(server.requests().length).toBe(4)
    await provider.close()
  })
})

describe('what is recommended', () => {
  const recommended = async (
    capabilities: readonly Capability[],
    options: OpenRouterOptions = {},
    task: 'chat' | 'code' | 'embeddings' = 'chat',
  ): Promise<readonly string[]> => {
    const provider = open(options)
    const choices = await provider.recommend({ task, capabilities }, callContext())
    for (const { reason } of choices) expect(reason).not.toBe('')
    await provider.close()
    return choices.map(({ model }) => model.id)
  }

  it('is free, the best first, and last the router that takes any free one', async () => {
    expect(await recommended([])).toEqual([
      'nvidia/nemotron-3-super-120b-a12b:free',
      'google/gemma-4-31b-it:free',
      'poolside/laguna-s-2.1:free',
      'double/plain-text-3b:free',
      'openrouter/free',
    ])
  })

  it('can do what is needed', async () => {
    expect(await recommended(['vision'])).toEqual(['google/gemma-4-31b-it:free', 'openrouter/free'])
    expect(await recommended(['jsonSchema'])).not.toContain('poolside/laguna-s-2.1:free')
  })

  it('is made for code where code is asked for', async () => {
    expect((await recommended([], {}, 'code'))[0]).toBe('poolside/laguna-s-2.1:free')
  })

  it('is paid only where that is allowed: after the free ones, the cheapest first, no router, no guard', async () => {
    expect((await recommended([], { allowPaid: true })).slice(4)).toEqual([
      'openrouter/free',
      'google/gemma-4-31b-it',
      'double/no-context',
      'openai/gpt-5.5-mini',
    ])
    expect(await recommended([], {}, 'embeddings')).toEqual(['double/tiny-embed:free'])
  })

  it('is never paid without leave, whatever is listed', async () => {
    const price = fc.constantFrom('0', '0.0', '-1', '0.000001', '', 'x', null)
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            id: fc.string({ minLength: 1 }),
            pricing: fc.record({ prompt: price, completion: price, request: price }),
          }),
        ),
        async (data) => {
          const fetch = (input: unknown): Promise<Response> =>
            Promise.resolve(Response.json({ data: String(input).endsWith('/embeddings/models') ? [] : data }))
          const provider = openrouter({ environment: {}, fetch })
          for (const { model } of await provider.recommend(
            { task: 'chat', capabilities: [] },
            callContext(),
          )) {
            expect(model.free).toBe(true)
            expect(model.price).toEqual({ inputPerMillion: 0, outputPerMillion: 0 })
          }
          await provider.close()
        },
      ),
      { numRuns: 100 },
    )
  })

  it('is nothing where the prompt must not leave this machine', async () => {
    const provider = open()
    expect(
      await provider.recommend({ task: 'chat', capabilities: [], localOnly: true }, callContext()),
    ).toEqual([])
    await provider.close()
  })
})

describe('a free model that is gone', () => {
  const gone = 'google/gemma-4-26b-a4b-it:free'

  it('is named with a living one like it, which is free', async () => {
    const provider = open()
    const { error } = await outcomeOf(provider.chat(hello({ model: gone }), callContext()))
    expect(error).toMatchObject({ code: 'model-not-found', model: gone })
    expect(error?.hint).toContain('Use google/gemma-4-31b-it:free')
    for (const remedy of error?.remedies ?? []) expect(remedy).toMatch(/free\.$/)
    await provider.close()
  })

  it('is named from the list that is known, without another request', async () => {
    const provider = open()
    await provider.models(callContext())
    const sent = server.requests().length
    const { error } = await outcomeOf(provider.chat(hello({ model: gone }), callContext()))
    expect(error?.hint).toContain('google/gemma-4-31b-it:free')
    expect(server.requests().length).toBe(sent + 1)
    await provider.close()
  })

  it('names the best free ones when nothing is like it', async () => {
    const provider = open()
    const { error } = await outcomeOf(
      provider.chat(hello({ model: 'meta-llama/llama-3.3-70b-instruct:free' }), callContext()),
    )
    expect(error?.remedies?.[0]).toContain('nvidia/nemotron-3-super-120b-a12b:free')
    await provider.close()
  })

  it('is an error all the same when there is no list', async () => {
    double.refuse('/models', { status: 500, body: 'broken' })
    const provider = open()
    const { error } = await outcomeOf(provider.chat(hello({ model: gone }), callContext()))
    expect(error).toMatchObject({ code: 'model-not-found', model: gone })
    await provider.close()
  })

  it('paid and misspelt, is named with those like it only', async () => {
    double.listModels(LISTED_MODELS)
    const provider = open()
    const { error } = await outcomeOf(provider.chat(hello({ model: 'openai/gpt-5.5-minni' }), callContext()))
    expect(error?.remedies?.[0]).toContain('openai/gpt-5.5-mini')
    await provider.close()
  })
})

describe('a listed model that OpenRouter says is gone', () => {
  it('is no longer recommended', async () => {
    const provider = open()
    const need = { task: 'chat' as const, capabilities: [] }
    const [first] = await provider.recommend(need, callContext())
    double.listModels(LISTED_MODELS.filter(({ id }) => id !== first?.model.id))
    await outcomeOf(provider.chat(hello({ model: first?.model.id ?? '' }), callContext()))
    const later = await provider.recommend(need, callContext())
    expect(later.map(({ model }) => model.id)).not.toContain(first?.model.id)
    expect(later.length).toBeGreaterThan(0)
    await provider.close()
  })
})
