import { describe, expect, test } from 'vitest'
import { homeWith, hostedWorld, KEYS, realOutcome } from './support/hosted-world.js'

/** What a wrong configuration or environment gets: the code, the field and a part of the way out. */
interface Refusal {
  readonly title: string
  readonly providers?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  readonly provider: string
  readonly code: string
  readonly field?: string
  readonly exitCode: number
  readonly hint: RegExp
}

const RETIRED = 'https://api-inference.huggingface.co'
const REFUSALS: readonly Refusal[] = [
  {
    title: 'a key of Hugging Face given to OpenRouter',
    env: { OPENROUTER_API_KEY: KEYS.huggingFace },
    provider: 'openrouter',
    code: 'bad-config',
    field: 'OPENROUTER_API_KEY',
    exitCode: 2,
    hint: /begin with sk-or-/,
  },
  {
    title: 'a key of OpenRouter given to Hugging Face',
    env: { HF_TOKEN: KEYS.openrouter },
    provider: 'hf-remote',
    code: 'no-candidate',
    exitCode: 3,
    hint: /Set HF_TOKEN to a token from https:\/\/huggingface\.co/,
  },
  ...[
    ['openrouter', 'OPENROUTER_API_KEY', `sk-or-v1-${'a'.repeat(20)}\n${'b'.repeat(20)}`],
    ['hf-remote', 'HF_TOKEN', `hf_${'a'.repeat(20)}\r\n${'b'.repeat(20)}`],
    ['hf-local', 'HF_TOKEN', `hf_${'a'.repeat(20)} ${'b'.repeat(20)}`],
    ['groq', 'GROQ_API_KEY', `gsk_${'a'.repeat(20)}\n${'b'.repeat(20)}`],
  ].map(([provider = '', variable = '', key = '']): Refusal => ({
    title: `a key with a break in ${variable}, for ${provider}`,
    env: { [variable]: key },
    provider,
    code: 'bad-config',
    field: variable,
    exitCode: 2,
    hint: new RegExp(`Set ${variable} again`),
  })),
  {
    title: 'the retired host of Hugging Face',
    providers: { 'hf-remote': { baseURL: RETIRED, token: KEYS.huggingFace } },
    provider: 'hf-remote',
    code: 'bad-config',
    field: 'providers.hf-remote.baseURL',
    exitCode: 2,
    hint: /https:\/\/router\.huggingface\.co/,
  },
  {
    title: 'the retired host as an endpoint',
    providers: { mine: { url: RETIRED, task: 'chat' } },
    provider: 'mine',
    code: 'bad-config',
    field: 'providers.mine.url',
    exitCode: 2,
    hint: /Endpoint URL/,
  },
  {
    title: 'http: where https: belongs, Hugging Face',
    providers: { 'hf-remote': { baseURL: 'http://router.huggingface.co', token: KEYS.huggingFace } },
    provider: 'hf-remote',
    code: 'bad-config',
    field: 'providers.hf-remote.baseURL',
    exitCode: 2,
    hint: /https:/,
  },
  {
    title: 'http: where https: belongs, OpenRouter',
    providers: { openrouter: { baseURL: 'http://gateway.example/api/v1', apiKey: KEYS.openrouter } },
    provider: 'openrouter',
    code: 'bad-config',
    field: 'providers.openrouter.apiKey',
    exitCode: 2,
    hint: /https:/,
  },
  {
    title: 'http: where https: belongs, a server of your own',
    providers: { mine: { baseURL: 'http://box.example/v1', apiKey: KEYS.own } },
    provider: 'mine',
    code: 'bad-config',
    field: 'providers.mine.apiKey',
    exitCode: 2,
    hint: /https:/,
  },
  {
    title: 'the web page of OpenRouter in place of its API',
    providers: { openrouter: { baseURL: 'https://openrouter.ai/chat', apiKey: KEYS.openrouter } },
    provider: 'openrouter',
    code: 'bad-config',
    field: 'providers.openrouter.baseURL',
    exitCode: 2,
    hint: /https:\/\/openrouter\.ai\/api\/v1/,
  },
  {
    title: 'a server without an address',
    providers: { mine: { apiKey: KEYS.own } },
    provider: 'mine',
    code: 'bad-config',
    field: 'providers.mine.baseURL',
    exitCode: 2,
    hint: /baseURL, or a preset/,
  },
  {
    title: 'a preset that does not exist',
    providers: { mine: { preset: 'grok' } },
    provider: 'mine',
    code: 'bad-config',
    field: 'providers.mine.preset',
    exitCode: 2,
    hint: /groq/,
  },
  {
    title: 'a key in place of the options',
    providers: { mine: KEYS.own },
    provider: 'mine',
    code: 'bad-config',
    field: 'providers.mine',
    exitCode: 2,
    hint: /an object of options/,
  },
  {
    title: 'a name that no provider can have',
    providers: { My_Server: { baseURL: 'http://127.0.0.1:9/v1' } },
    provider: 'ollama',
    code: 'bad-config',
    field: 'providers.My_Server',
    exitCode: 2,
    hint: /Call it my-server/,
  },
  {
    title: 'an endpoint without a task',
    providers: { mine: { url: 'https://x.endpoints.huggingface.cloud' } },
    provider: 'mine',
    code: 'bad-config',
    field: 'providers.mine.task',
    exitCode: 2,
    hint: /chat, embeddings/,
  },
]

test.each(REFUSALS)('$title: refused with the way out', async (refusal) => {
  const { providers, env, provider, code, field, exitCode, hint } = refusal
  const home = homeWith(providers === undefined ? {} : { providers })
  const told = await realOutcome(['hi', '-p', provider], { home, ...(env !== undefined && { env }) })
  expect(told).toMatchObject({ code: exitCode, out: '' })
  expect(told.err).toMatch(hint)
  const result = await realOutcome(['hi', '-p', provider, '--json'], {
    home,
    ...(env !== undefined && { env }),
  })
  const { error } = JSON.parse(result.out) as { error: Record<string, unknown> }
  expect(error).toMatchObject({ code, ...(field !== undefined && { field }) })
  for (const key of Object.values(KEYS)) expect(`${told.err}${result.out}`).not.toContain(key)
})

describe('a key that cannot be used, in the environment', () => {
  test('does not keep the others from answering, and is told', async () => {
    const { addresses } = await hostedWorld()
    const home = homeWith({ providers: { mine: { ...addresses.mine, apiKey: KEYS.own } } })
    const env = { OPENROUTER_API_KEY: KEYS.huggingFace, HF_TOKEN: 'hf_aaaaaaaa\nbbbbbbbbbbbb' }
    const result = await realOutcome(['hi'], { home, env })
    expect(result).toMatchObject({ code: 0, out: 'You said: hi\n' })
    expect(result.err).toContain(
      'note: openrouter is left out. OPENROUTER_API_KEY holds a key of Hugging Face',
    )
    expect(result.err).toContain('note: hf-remote is left out. HF_TOKEN cannot be used')
    const listed = await realOutcome(['providers'], { home, env })
    expect(listed.out).toMatch(/○ openrouter {2}wrong set-up\n {4}OPENROUTER_API_KEY holds/)
  })

  test('that ends in a line break, as files do, is no mistake', async () => {
    const { addresses } = await hostedWorld()
    const home = homeWith({ providers: { 'hf-remote': addresses['hf-remote'] } })
    const env = { HF_TOKEN: `${KEYS.huggingFace}\n` }
    expect((await realOutcome(['hi', '-p', 'hf-remote'], { home, env })).code).toBe(0)
  })
})

describe('addresses that are somebody else’s', () => {
  test('a refused key says where to get another', async () => {
    const { addresses } = await hostedWorld()
    const wrong = `sk-or-v1-${'f'.repeat(64)}`
    const home = homeWith({ providers: { openrouter: { ...addresses.openrouter, apiKey: wrong } } })
    const result = await realOutcome(['hi', '-p', 'openrouter'], { home })
    expect(result.code).toBe(3)
    expect(result.err).toContain('OpenRouter does not take the key')
    expect(result.err).toContain('https://openrouter.ai/settings/keys')
    expect(result.err).not.toContain(wrong)
  })

  test('a server that is no such service is told as that', async () => {
    const { servers } = await hostedWorld()
    const home = homeWith({
      providers: {
        openrouter: { baseURL: servers.huggingFace.url, apiKey: KEYS.openrouter },
        mine: { baseURL: `${servers.own.url}/v1`, apiKey: 'wrong-key' },
      },
    })
    const router = await realOutcome(['hi', '-p', 'openrouter'], { home })
    expect(router.code).toBe(3)
    expect(router.err).toMatch(/not as OpenRouter|correct/)
    const own = await realOutcome(['hi', '-p', 'mine'], { home })
    expect(own.code).toBe(3)
    expect(own.err).toContain('does not take the key')
  })
})
