import { describe, expect, it } from 'vitest'
import { openaiCompatible, type OpenAICompatibleOptions, PRESETS } from '../src/index.js'
import { callContext, chatOf, failureOf, hello, KEY, outcomeOf } from './support/context.js'

const BASE: OpenAICompatibleOptions = { id: 'mine', baseURL: 'https://api.example.com/v1', environment: {} }

function made(changes: Partial<OpenAICompatibleOptions>): ReturnType<typeof openaiCompatible> {
  return openaiCompatible({ ...BASE, ...changes })
}

describe('options that are wrong', () => {
  it.each<[string, Partial<OpenAICompatibleOptions>]>([
    ['baseURL', { baseURL: 'not an address' }],
    ['baseURL', { baseURL: 'ftp://example.com' }],
    ['baseURL', { baseURL: 'https://me:secret@example.com/v1' }],
    ['baseURL', { baseURL: 'https://example.com/v1?key=x' }],
    ['apiKey', { apiKey: `${KEY}\n` }],
    ['apiKey', { apiKey: 'two words' }],
    ['apiKey', { baseURL: 'http://example.com/v1', apiKey: KEY }],
    ['headers.x-token', { baseURL: 'http://example.com/v1', headers: { 'X-Token': KEY } }],
    ['headers.x', { headers: { x: 'a\nb' } }],
    ['id', { id: 'Not An Id' }],
    ['name', { name: '' }],
    ['tasks', { tasks: [] }],
    ['embedBatch', { embedBatch: 0 }],
    ['usageWaitMs', { usageWaitMs: -1 }],
    ['models[1]', { models: ['a', ''] }],
    ['preset', { preset: 'no-such' as 'groq' }],
    ['locality', { locality: 'nearby' as 'local' }],
  ])('are refused by name: %s', async (field, changes) => {
    const error = await failureOf(() => made(changes))
    expect(error).toMatchObject({ code: 'bad-config', field })
    expect(JSON.stringify(error)).not.toContain(KEY)
    expect(error.hint).not.toBe('')
  })

  it('an id and an address are needed without a preset', async () => {
    expect(await failureOf(() => openaiCompatible({ id: 'x' }))).toMatchObject({
      code: 'bad-config',
      field: 'baseURL',
    })
    expect(await failureOf(() => openaiCompatible({ baseURL: 'https://x.test' }))).toMatchObject({
      code: 'bad-config',
      field: 'id',
    })
  })
})

describe('locality', () => {
  it.each([
    ['http://localhost:1234/v1', 'local'],
    ['http://127.0.0.1:8080/v1', 'local'],
    ['http://[::1]:8080/v1', 'local'],
    ['http://models.localhost/v1', 'local'],
    ['https://api.example.com/v1', 'remote'],
    ['https://localhost.example.com/v1', 'remote'],
    ['http://192.168.1.7:8000/v1', 'remote'],
  ])('%s is %s', (baseURL, locality) => {
    expect(made({ baseURL }).locality).toBe(locality)
  })

  it('is what the user says', () => {
    expect(made({ baseURL: 'http://192.168.1.7:8000/v1', locality: 'local' }).locality).toBe('local')
  })

  it('http with a key is taken on this machine and where the user allows it', () => {
    expect(made({ baseURL: 'http://127.0.0.1:1/v1', apiKey: KEY }).hosts).toEqual(['127.0.0.1:1'])
    expect(made({ baseURL: 'http://10.0.0.1:1/v1', apiKey: KEY, allowInsecureKey: true }).hosts).toEqual([
      '10.0.0.1:1',
    ])
  })
})

describe('keys', () => {
  const seen: (string | undefined)[] = []
  const fetch = (async (_url: string, init: RequestInit) => {
    seen.push(new Headers(init.headers).get('authorization') ?? undefined)
    return Response.json({ object: 'list', data: [{ id: 'm' }] })
  }) satisfies OpenAICompatibleOptions['fetch']

  it.each(['', '  '])('a blank key is none: nothing is sent, and what to set is said', async (apiKey) => {
    seen.length = 0
    const provider = openaiCompatible({ preset: 'groq', apiKey, environment: {}, fetch })
    const readiness = await provider.ready(callContext())
    expect(readiness).toMatchObject({ ready: false, remedies: [expect.stringContaining('GROQ_API_KEY')] })
    const { error } = await outcomeOf(chatOf(provider, hello()))
    expect(error).toMatchObject({ code: 'auth', provider: 'groq', model: 'double-chat' })
    expect(error?.hint).toContain('GROQ_API_KEY')
    expect(await failureOf(() => provider.models(callContext()))).toMatchObject({ code: 'auth' })
    expect(seen).toEqual([])
  })

  it('a blank key for a server of the user is taken for one that is missing', async () => {
    const provider = made({ apiKey: '', fetch })
    expect(await provider.ready(callContext())).toMatchObject({
      ready: false,
      remedies: [expect.stringContaining('apiKey')],
    })
  })

  it('comes from the variable of the preset', async () => {
    seen.length = 0
    await openaiCompatible({ preset: 'groq', environment: { GROQ_API_KEY: ` ${KEY}\n` }, fetch }).models(
      callContext(),
    )
    expect(seen).toEqual([`Bearer ${KEY}`])
  })

  it('of a preset never goes to another address', async () => {
    seen.length = 0
    const provider = openaiCompatible({
      preset: 'openai',
      baseURL: 'https://proxy.example.com/v1',
      requiresKey: false,
      environment: { OPENAI_API_KEY: KEY },
      fetch,
    })
    await provider.models(callContext())
    expect(seen).toEqual([undefined])
  })

  it('goes to another address when the user names the variable', async () => {
    seen.length = 0
    const environment = { MY_KEY: KEY }
    await openaiCompatible({
      preset: 'openai',
      baseURL: 'https://proxy.example.com/v1',
      apiKeyVariable: 'MY_KEY',
      environment,
      fetch,
    }).models(callContext())
    expect(seen).toEqual([`Bearer ${KEY}`])
  })
})

describe('presets', () => {
  it('each makes a provider', () => {
    for (const [name, preset] of Object.entries(PRESETS)) {
      const provider = openaiCompatible({ preset, environment: {} })
      expect(provider.id).toBe(name)
      expect(provider.locality).toBe(preset.baseURL.startsWith('https:') ? 'remote' : 'local')
      expect(provider.tasks.includes('embeddings')).toBe(provider.embed !== undefined)
      expect(preset.facts.length).toBeGreaterThan(0)
    }
  })

  it('a retired service is declared disabled, with the day and what instead', () => {
    const { lifecycle } = openaiCompatible({ preset: 'github-models', environment: {} })
    expect(lifecycle).toMatchObject({ stage: 'disabled', since: '2026-07-30' })
    expect(lifecycle.replacement).toBeTruthy()
  })

  it('options go over them', () => {
    const provider = openaiCompatible({
      preset: 'vllm',
      id: 'big-box',
      name: 'Big box',
      baseURL: 'https://box.example.com/v1',
      supports: { tools: false },
    })
    expect(provider).toMatchObject({
      id: 'big-box',
      name: 'Big box',
      locality: 'remote',
      hosts: ['box.example.com:443'],
    })
    expect(provider.supports).toMatchObject({ tools: false, streaming: true })
  })
})

describe('options that are none', () => {
  it.each([['a key in place of the options'], [null], [{ apikey: 'x' }]])('%j is refused', (given) => {
    expect(() => openaiCompatible(given as never)).toThrow(expect.objectContaining({ code: 'bad-config' }))
  })
})
