import { serveHandlers } from '@openmux/testkit'
import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { type OpenRouterOptions, openrouter } from '../src/index.js'
import { callContext, failureOf, hello, KEY, outcomeOf } from './support/context.js'

function refusal(options: OpenRouterOptions): ReturnType<typeof failureOf> {
  return failureOf(() => openrouter({ environment: {}, ...options }))
}

describe('the key', () => {
  it('comes from OPENROUTER_API_KEY, and a line break after it does not matter', async () => {
    let authorization: string | null = null
    const provider = openrouter({
      environment: { OPENROUTER_API_KEY: `${KEY}\n` },
      fetch(input, init) {
        authorization = new Request(input, init).headers.get('authorization')
        return Promise.resolve(Response.json({ data: { is_free_tier: true } }))
      },
    })
    expect(await provider.ready(callContext())).toMatchObject({ ready: true })
    expect(authorization).toBe(`Bearer ${KEY}`)
  })

  it.each([{}, { OPENROUTER_API_KEY: '' }, { OPENROUTER_API_KEY: '  ' }])(
    'is not configured when it is missing or empty: %j',
    async (environment) => {
      const fetch = (): Promise<Response> => Promise.reject(new Error('nothing may be sent'))
      const provider = openrouter({ environment, fetch })
      expect(await provider.ready(callContext())).toMatchObject({
        ready: false,
        remedies: [
          expect.stringContaining('openrouter.ai/settings/keys'),
          expect.stringContaining('OPENROUTER_API_KEY'),
        ],
      })
      const { error } = await outcomeOf(provider.chat(hello(), callContext()))
      expect(error).toMatchObject({ code: 'auth', hint: expect.stringContaining('OPENROUTER_API_KEY') })
      expect(await failureOf(() => provider.quota(callContext()))).toMatchObject({ code: 'auth' })
    },
  )

  it('of the environment does not go to another address', async () => {
    const seen: (string | null)[] = []
    const provider = openrouter({
      environment: { OPENROUTER_API_KEY: KEY },
      baseURL: 'https://proxy.example/v1',
      fetch(input, init) {
        seen.push(new Request(input, init).headers.get('authorization'))
        return Promise.resolve(Response.json({ data: [] }))
      },
    })
    await provider.models(callContext())
    expect(seen).toEqual([null, null])
  })

  it.each([
    ['hf_abcdefghijklmnop', 'Hugging Face'],
    ['sk-ant-api03-abcdefgh', 'Anthropic'],
    ['sk-proj-abcdefghijklmnop', 'OpenAI'],
    ['sk-abcdefghijklmnopqrstuvwxyz', 'OpenAI'],
    ['gsk_abcdefghijklmnop', 'Groq'],
    ['AIzaSyabcdefghijklmnop', 'Google'],
    ['github_pat_abcdefghijklmnop', 'GitHub'],
  ])('of another service is refused with a hint and not shown: %#', async (apiKey, service) => {
    const error = await refusal({ apiKey })
    expect(error).toMatchObject({
      code: 'bad-config',
      field: 'apiKey',
      hint: expect.stringContaining('sk-or-'),
    })
    expect(error.message).toContain(service)
    expect(JSON.stringify(error) + String(error.stack)).not.toContain(apiKey)
    const fromEnvironment = await refusal({ environment: { OPENROUTER_API_KEY: apiKey } })
    expect(fromEnvironment.field).toBe('OPENROUTER_API_KEY')
  })

  it('of a gateway of one’s own may look like any', () => {
    const options = {
      apiKey: 'sk-abcdefghijklmnopqrstuvwxyz',
      baseURL: 'https://gateway.example/v1',
      environment: {},
    }
    expect(() => openrouter(options)).not.toThrow()
  })

  it('with a line break is refused and not shown', async () => {
    const error = await refusal({ apiKey: `${KEY}\nX-Other: 1` })
    expect(error).toMatchObject({ code: 'bad-config', field: 'apiKey' })
    expect(JSON.stringify(error)).not.toContain('canary4711')
  })
})

describe('the address', () => {
  it.each([
    'https://openrouter.ai',
    'https://openrouter.ai/api',
    'https://openrouter.ai/v1',
    'https://openrouter.ai/models',
  ])('%s is told from the one of the API', async (baseURL) => {
    const error = await refusal({ baseURL })
    expect(error).toMatchObject({ code: 'bad-config', field: 'baseURL' })
    expect(error.hint).toContain('https://openrouter.ai/api/v1')
  })

  it('may end in a slash, and be a region of OpenRouter', () => {
    expect(openrouter({ environment: {}, baseURL: 'https://openrouter.ai/api/v1/' }).hosts).toEqual([
      'openrouter.ai:443',
    ])
    expect(openrouter({ environment: {}, baseURL: 'https://eu.openrouter.ai/api/v1' }).hosts).toEqual([
      'eu.openrouter.ai:443',
    ])
  })

  it('without encryption is refused, but for this machine', async () => {
    const baseURL = 'http://proxy.example/v1'
    expect(await refusal({ baseURL, apiKey: KEY })).toMatchObject({ code: 'bad-config', field: 'apiKey' })
    expect(() => openrouter({ baseURL, apiKey: KEY, allowInsecureKey: true, environment: {} })).not.toThrow()
    expect(() => openrouter({ baseURL: 'http://127.0.0.1:9/v1', apiKey: KEY, environment: {} })).not.toThrow()
  })

  it('that redirects gets the key, the place it redirects to does not', async () => {
    let followed = 0
    const elsewhere = await serveHandlers([http.all('*', () => HttpResponse.json({ got: ++followed }))])
    const server = await serveHandlers([
      http.all('*', () => HttpResponse.redirect(`${elsewhere.url}/stolen`, 307)),
    ])
    const provider = openrouter({ baseURL: `${server.url}/api/v1`, apiKey: KEY, environment: {} })
    const { error } = await outcomeOf(provider.chat(hello(), callContext()))
    expect(error?.code).toBe('endpoint-moved')
    expect((await provider.ready(callContext())).ready).toBe(false)
    expect(followed).toBe(0)
    await Promise.all([provider.close(), server.close(), elsewhere.close()])
  })
})

describe('an option of the wrong shape', () => {
  it.each([
    ['maxTokens', { maxTokens: 0 }],
    ['maxTokens', { maxTokens: 1.5 }],
    ['modelsForMs', { modelsForMs: Number.NaN }],
    ['app.url', { app: { url: 'my app' } }],
    ['app.title', { app: { title: 'Größe\n' } }],
    ['routing', { routing: [] as never }],
    ['allowPaid', { allowPaid: 'yes' as never }],
    ['apiKey', { apiKey: 12 as never }],
    ['baseURL', { baseURL: 12 as never }],
    ['baseURL', { baseURL: 'openrouter' }],
    ['embedBatch', { embedBatch: 0 }],
  ] as const)('is refused by its name: %s', async (field, options) => {
    expect(await refusal(options)).toMatchObject({ code: 'bad-config', field })
  })
})

describe('options that are none', () => {
  it.each([['a key in place of the options'], [null], [{ baseUrl: 'x' }]])('%j is refused', (given) => {
    expect(() => openrouter(given as never)).toThrow(expect.objectContaining({ code: 'bad-config' }))
  })
})
