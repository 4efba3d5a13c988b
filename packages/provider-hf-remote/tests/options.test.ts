import { type Provider, systemClock } from '@openmux/core'
import { interceptHandlers } from '@openmux/testkit'
import { hfDouble } from '@openmux/testkit/hf-remote'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { hfEndpoint, hfRemote, type HfRemoteOptions } from '../src/index.js'
import { ask, callContext, embedding, failureOf, TOKEN } from './support/context.js'

const double = hfDouble({ token: TOKEN })
const upstream = interceptHandlers(double.handlers)
upstream.start()
const opened: Provider[] = []
afterEach(async () => {
  upstream.reset()
  double.reset()
  await Promise.all(opened.splice(0).map((one) => one.close()))
})
afterAll(() => upstream.stop())

function remote(options: HfRemoteOptions = {}): Provider {
  const provider = hfRemote({ environment: {}, fetch: (input, init) => fetch(input, init), ...options })
  opened.push(provider)
  return provider
}

describe('the token', () => {
  it('comes from HF_TOKEN, without the line break of the file it was read from', async () => {
    await ask(remote({ environment: { HF_TOKEN: `${TOKEN}\n` } }))
    expect(upstream.requests().at(-1)?.headers['authorization']).toBe(`Bearer ${TOKEN}`)
  })

  it.each([
    ['absent', {}],
    ['empty in the environment', { environment: { HF_TOKEN: '' } }],
    ['blank', { token: '   ' }],
  ] as const)('%s: nothing is sent, and it is said what to do', async (_name, options) => {
    const provider = remote(options)
    const readiness = await provider.ready(callContext())
    expect(readiness).toMatchObject({ ready: false })
    expect(JSON.stringify(readiness)).toContain('HF_TOKEN')
    for (const work of [
      () => ask(provider),
      () => embedding(provider),
      () => provider.models(callContext()),
    ]) {
      const error = await failureOf(work)
      expect(error).toMatchObject({ code: 'auth', provider: 'hf-remote' })
      expect(error.hint).toContain('https://huggingface.co/settings/tokens')
    }
    expect(upstream.requests()).toHaveLength(0)
  })

  it.each([
    ['sk-or-v1-0123456789abcdef', 'OpenRouter'],
    ['gsk_0123456789abcdef', 'Groq'],
    ['sk-proj-0123456789abcdef', 'OpenAI'],
  ])('a key of another service (%s) is not shown to Hugging Face', async (token, owner) => {
    const provider = remote({ token })
    const error = await failureOf(() => ask(provider))
    expect(error.code).toBe('auth')
    expect(error.message).toContain(owner)
    expect(JSON.stringify([error, await provider.ready(callContext())])).not.toContain(token)
    expect(upstream.requests()).toHaveLength(0)
    const atEndpoint = await failureOf(() =>
      hfEndpoint({ url: 'https://x.endpoints.huggingface.cloud', task: 'chat', token }),
    )
    expect(atEndpoint).toMatchObject({ code: 'bad-config', field: 'token' })
  })

  it('a token of an unknown shape is tried, and its shape is hinted at when it is refused', async () => {
    const readiness = await remote({ token: 'somethingelse1234' }).ready(callContext())
    expect(readiness.ready).toBe(false)
    expect(JSON.stringify(readiness)).toContain('begins with hf_')
  })

  it('a line break inside is refused at once, without showing the token', async () => {
    const error = await failureOf(() => remote({ token: `${TOKEN}\n${TOKEN}` }))
    expect(error).toMatchObject({ code: 'bad-config', field: 'token' })
    expect(JSON.stringify(error)).not.toContain(TOKEN)
  })

  it('from the environment goes to no address of somebody else', async () => {
    const environment = { HF_TOKEN: TOKEN }
    const provider = remote({
      baseURL: 'https://proxy.example/hf',
      hubURL: 'https://mirror.example',
      environment,
    })
    expect(await failureOf(() => ask(provider))).toMatchObject({ code: 'auth' })
    expect(upstream.requests()).toHaveLength(0)
  })

  it('is not sent along when the router redirects', async () => {
    upstream.use(
      http.post('https://router.huggingface.co/v1/chat/completions', () =>
        HttpResponse.text('', {
          status: 307,
          headers: { location: 'https://elsewhere.example/v1/chat/completions' },
        }),
      ),
    )
    expect(await failureOf(() => ask(remote({ token: TOKEN })))).toMatchObject({ code: 'endpoint-moved' })
    expect(upstream.requests().every(({ host }) => host === 'router.huggingface.co:443')).toBe(true)
  })
})

describe('addresses', () => {
  it.each([
    ['http://router.huggingface.co', 'https:'],
    ['http://example.com', 'https:'],
    ['https://huggingface.co', 'router.huggingface.co'],
    ['https://abc.us-east-1.aws.endpoints.huggingface.cloud', 'hfEndpoint'],
    ['https://router.huggingface.co/models/gpt2', '/v1/chat/completions'],
    ['https://router.huggingface.co/v1/chat/completions', '/v1/chat/completions'],
    ['ftp://router.huggingface.co', 'router.huggingface.co'],
    ['https://me:hf_secretsecret@router.huggingface.co', 'token'],
    ['router.huggingface.co', 'router.huggingface.co'],
    ['', 'router.huggingface.co'],
  ])('%s is refused as base URL, with the way out', async (baseURL, advice) => {
    const error = await failureOf(() => remote({ baseURL, token: TOKEN }))
    expect(error).toMatchObject({ code: 'bad-config', field: 'baseURL' })
    expect(error.hint).toContain(advice)
    expect(JSON.stringify(error)).not.toContain('hf_secretsecret')
  })

  it.each([
    'https://router.huggingface.co',
    'https://router.huggingface.co/',
    'https://router.huggingface.co/v1/',
  ])('%s is taken', async (baseURL) => {
    await ask(remote({ baseURL, token: TOKEN }))
    expect(upstream.requests().map(({ path }) => path)).toEqual(['/v1/chat/completions'])
  })

  it.each([
    ['https://api-inference.huggingface.co/models/x', '410'],
    ['https://router.huggingface.co/v1', 'shared service'],
    ['https://endpoints.huggingface.co/me/endpoints/x', 'console'],
    ['http://x.endpoints.huggingface.cloud', 'http:'],
  ])('%s is refused as an endpoint', async (url, word) => {
    const error = await failureOf(() => hfEndpoint({ url, task: 'chat' }))
    expect(error).toMatchObject({ code: 'bad-config', field: 'url' })
    expect(error.message).toContain(word)
  })

  it('other wrong options are named', async () => {
    expect(await failureOf(() => remote({ embedBatch: 0 }))).toMatchObject({
      code: 'bad-config',
      field: 'embedBatch',
    })
    expect(await failureOf(() => remote({ billTo: 'a\nb' }))).toMatchObject({
      code: 'bad-config',
      field: 'billTo',
    })
    const url = 'https://x.endpoints.huggingface.cloud'
    const wrong = { url, task: 'sing' as unknown as 'chat', environment: {} }
    expect(await failureOf(() => hfEndpoint(wrong))).toMatchObject({ code: 'bad-config', field: 'task' })
    expect(
      await failureOf(() => hfEndpoint({ url, task: 'chat', scaleUpTimeoutMs: -1, environment: {} })),
    ).toMatchObject({
      field: 'scaleUpTimeoutMs',
    })
  })
})

describe('what goes out', () => {
  it('charges an organisation, for chat and embeddings', async () => {
    const provider = remote({ token: TOKEN, billTo: 'my-org' })
    await ask(provider)
    await embedding(provider)
    const posts = upstream.requests().filter(({ method }) => method === 'POST')
    expect(posts.map(({ headers }) => headers['x-hf-bill-to'])).toEqual(['my-org', 'my-org'])
  })

  it.each([
    'openai/gpt-oss-120b:groq',
    'openai/gpt-oss-120b:fastest',
    'openai/gpt-oss-120b:cheapest',
    'openai/gpt-oss-120b:preferred',
  ])('%s keeps its suffix, first in the body', async (model) => {
    await ask(remote({ token: TOKEN }), { model })
    expect(upstream.requests().at(-1)?.body).toMatch(new RegExp(`^\\{"model":"${model}"`))
  })

  it('who really serves is told', async () => {
    const answer = await ask(remote({ token: TOKEN }), { model: 'openai/gpt-oss-120b:cerebras' })
    expect(answer.start?.servedBy).toBe('cerebras')
    expect(answer.warnings).toEqual([])
  })
})

describe('ready()', () => {
  it('checks the token without generating, once in a while', async () => {
    const provider = remote({ token: TOKEN })
    expect(await provider.ready(callContext())).toEqual({ ready: true, detail: 'token of double-user' })
    await provider.ready(callContext())
    expect(upstream.requests().map(({ path }) => path)).toEqual(['/api/whoami-v2'])
    const later = { ...systemClock, now: () => Date.now() + 3_600_000 }
    await provider.ready(callContext({ clock: later }))
    expect(upstream.requests()).toHaveLength(2)
  })

  it('doubts a fine-grained token without the permission, but does not condemn it', async () => {
    double.withoutPermission()
    const readiness = await remote({ token: TOKEN }).ready(callContext())
    expect(readiness.ready).toBe(true)
    expect(JSON.stringify(readiness)).toContain('Make calls to Inference Providers')
  })
})

describe('options that are none', () => {
  it.each([['a key in place of the options'], [null], [{ apiKey: 'x' }]])('%j is refused', (given) => {
    expect(() => hfRemote(given as never)).toThrow(expect.objectContaining({ code: 'bad-config' }))
  })
})

describe('options of an endpoint that are none', () => {
  it.each([['https://abc.us-east-1.aws.endpoints.huggingface.cloud'], [undefined], [{ baseURL: 'x' }]])(
    '%j is refused',
    (given) => {
      expect(() => hfEndpoint(given as never)).toThrow(expect.objectContaining({ code: 'bad-config' }))
    },
  )
})
