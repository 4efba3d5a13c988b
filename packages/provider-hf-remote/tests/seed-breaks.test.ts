import {
  createOpenMux,
  type EmbeddingSpace,
  type EmbedRequest,
  type OpenMux,
  type Provider,
} from '@openmux/core'
import { type ScriptedProvider, scriptedProvider, serveHandlers } from '@openmux/testkit'
import {
  hfDouble,
  hfDoubleVector,
  hfError,
  RETIRED_HOST_ERROR,
  retiredHostDouble,
} from '@openmux/testkit/hf-remote'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { hfRemote } from '../src/index.js'
import { ask, CHAT_MODEL, EMBED_MODEL, embedding, failureOf, TOKEN } from './support/context.js'

// Each break that the seed ("HuggingFace Inference API Migration Notes", 10 November 2025) reports, played end to end.

const double = hfDouble({ token: TOKEN })
const server = await serveHandlers(double.handlers)
// What is left of the old host still has to be noticed when it hides behind another address; the hub lives on.
const retired = await serveHandlers(retiredHostDouble())
const opened: (Provider | OpenMux)[] = []
afterEach(async () => {
  double.reset()
  await Promise.all(opened.splice(0).map((one) => one.close()))
})
afterAll(() => Promise.all([server.close(), retired.close()]))

function remote(baseURL = server.url): Provider {
  const provider = hfRemote({ baseURL, hubURL: server.url, token: TOKEN })
  opened.push(provider)
  return provider
}

const SPACE = { model: 'all-minilm-l6-v2', dimensions: 384, pooling: 'mean', normalized: true } as const

/** A second back end: a local one that chats, codes and embeds, in the space given. */
function local(changes: Partial<EmbeddingSpace> = {}): ScriptedProvider {
  const space = { ...SPACE, ...changes }
  const embedRequests: EmbedRequest[] = []
  const scripted = scriptedProvider({
    id: 'local',
    chats: [
      ['the local ', 'answer'],
      ['the local ', 'answer'],
    ],
    models: [
      { id: 'local-chat', tasks: ['chat', 'code'], state: 'installed', free: true },
      { id: 'local-embed', tasks: ['embeddings'], state: 'installed', free: true, space },
    ],
  })
  return {
    ...scripted,
    embedRequests,
    tasks: ['chat', 'code', 'embeddings'],
    async embed(request) {
      embedRequests.push(request)
      const vectors = request.inputs.map((text) => hfDoubleVector(text, space.dimensions))
      return { vectors, space, model: request.model }
    },
  }
}

function both(first: Provider, second: Provider): OpenMux {
  const mux = createOpenMux({ providers: [first, second] })
  opened.push(mux)
  return mux
}

/** The remote fails with `code`, and the second back end answers: chat, code, embeddings of the same space. */
async function demandFailover(code: string, makeRemote: () => Provider, model = CHAT_MODEL): Promise<void> {
  for (const task of ['chat', 'code'] as const) {
    // A new one each time: what is gone is remembered, and would not be asked again.
    const mux = both(makeRemote(), local())
    const answer = await mux.chat({
      task,
      messages: [{ role: 'user', content: 'Write a loop.' }],
      prefer: [`hf-remote/${model}`, 'local'],
    })
    expect(answer.provider).toBe('local')
    expect(answer.text).toBe('the local answer')
    expect(answer.attempts.map((attempt) => [attempt.provider, attempt.code])).toEqual([
      ['hf-remote', code],
      ['local', undefined],
    ])
  }
}

async function demandEmbeddingFailover(code: string, makeRemote: () => Provider): Promise<void> {
  const same = both(makeRemote(), local())
  const embedded = await same.embed({ input: 'the sea', prefer: [`hf-remote/${EMBED_MODEL}`] })
  expect(embedded.provider).toBe('local')
  expect(embedded.attempts[0]).toMatchObject({ provider: 'hf-remote', code })
  const other = local({ model: 'another-model', dimensions: 8 })
  const mux = both(makeRemote(), other)
  await failureOf(() => mux.embed({ input: 'the sea', prefer: [`hf-remote/${EMBED_MODEL}`] }))
  expect(other.embedRequests).toHaveLength(0)
}

describe('seed: the old API answers 410 Gone', () => {
  it('the retired host is refused as base URL, with the advice', async () => {
    for (const baseURL of [
      'https://api-inference.huggingface.co',
      'https://api-inference.huggingface.co/models',
      'https://API-inference.huggingface.co./models/gpt2',
      'https://api-inference.huggingface.co/v1/',
    ]) {
      const error = await failureOf(() => hfRemote({ baseURL, token: TOKEN }))
      expect(error).toMatchObject({ code: 'bad-config', field: 'baseURL' })
      expect(error.message).toContain('410')
      expect(error.hint).toContain('https://router.huggingface.co')
    }
  })

  it('a 410 is `endpoint-gone`, whatever address it hides behind, and waiting never helps', async () => {
    const error = await failureOf(() => ask(remote(retired.url)))
    expect(error).toMatchObject({
      code: 'endpoint-gone',
      scope: 'endpoint',
      until: 'never',
      next: 'elsewhere',
    })
    expect(error.upstream?.body).toContain(RETIRED_HOST_ERROR)
    expect(await failureOf(() => embedding(remote(retired.url)))).toMatchObject({ code: 'endpoint-gone' })
  })

  it('the double answers 410 to every method, as the host does', async () => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      expect((await fetch(`${retired.url}/models/gpt2`, { method })).status).toBe(410)
    }
  })

  it('chat and code fail over, with one attempt each and no retry', async () => {
    double.refuse('chat', hfError('410 in the words of the seed'))
    server.reset()
    await demandFailover('endpoint-gone', remote)
    expect(server.requests().filter(({ path }) => path === '/v1/chat/completions')).toHaveLength(2)
  })

  it('where the whole host is gone, not even an attempt is spent, and the record says why', async () => {
    const mux = both(remote(retired.url), local())
    const answer = await mux.chat({ messages: [{ role: 'user', content: 'Hello' }], prefer: ['hf-remote'] })
    expect(answer.attempts.map(({ provider }) => provider)).toEqual(['local'])
    const cut = answer.decision.candidates.find(({ provider }) => provider === 'hf-remote')
    expect(cut?.reasons.join(' ')).toContain('no longer supported')
  })

  it('embeddings fail over inside the same space, and fail closed outside it', async () => {
    double.refuse('embeddings', hfError('410 in the words of the seed'))
    await demandEmbeddingFailover('endpoint-gone', remote)
  })
})

describe('seed: the suggested router answers 404', () => {
  const FORMS = [
    ['/hf-inference', '/hf-inference'],
    ['/hf-inference/models/{model_id}', '/hf-inference/models/gpt2'],
    ['/hf-inference/{model_id}', '/hf-inference/gpt2'],
    ['with the model in the payload', '/hf-inference'],
  ] as const

  it.each(FORMS)('%s: the form really gets a plain-text 404', async (_form, path) => {
    const answer = await fetch(server.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt2', inputs: 'Hello' }),
    })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toContain('text/plain')
  })

  it.each(FORMS)('%s: given as base URL it is refused with the path that is right', async (_form, path) => {
    const error = await failureOf(() =>
      hfRemote({ baseURL: `https://router.huggingface.co${path}`, token: TOKEN }),
    )
    expect(error).toMatchObject({ code: 'bad-config', field: 'baseURL' })
    expect(error.hint).toContain('/v1/chat/completions')
    expect(error.hint).toContain('/hf-inference/models/{id}/pipeline/feature-extraction')
  })

  it('never are those forms asked by this provider', async () => {
    server.reset()
    await ask(remote())
    await embedding(remote())
    const posts = server.requests().filter(({ method }) => method === 'POST')
    expect(posts.map(({ path }) => path)).toEqual([
      '/v1/chat/completions',
      `/hf-inference/models/${EMBED_MODEL}/pipeline/feature-extraction`,
    ])
  })

  it('a plain-text 404 is `not-found` about the path, not about the model, and names the paths there are', async () => {
    double.refuse('chat', hfError('404 plain text Cannot POST'))
    double.refuse('embeddings', hfError('404 plain text Not Found'))
    for (const work of [() => ask(remote()), () => embedding(remote())]) {
      const error = await failureOf(work)
      expect(error).toMatchObject({ code: 'not-found', scope: 'endpoint' })
      expect(error.hint).toContain('/v1/chat/completions')
    }
  })

  it('chat, code and embeddings fail over', async () => {
    double.refuse('chat', hfError('404 plain text Cannot POST'))
    double.refuse('embeddings', hfError('404 plain text Not Found'))
    await demandFailover('not-found', remote)
    await demandEmbeddingFailover('not-found', remote)
  })

  it('a router without any path is not ready by accident: nothing hangs', async () => {
    double.everythingNotFound()
    const readiness = await remote().ready({
      signal: new AbortController().signal,
      clock: { now: Date.now, after: () => () => undefined },
    })
    expect(readiness.ready).toBe(false)
    expect(await failureOf(() => ask(remote()))).toMatchObject({ code: 'not-found' })
  })
})

describe('seed: StopIteration of the official client, when nobody serves the model', () => {
  const UNSERVED = 'Salesforce/codegen-350M-mono'

  it.each(['empty-array', 'empty-object', 'absent'] as const)(
    'an %s mapping is `model-not-served` that says so, for chat and for embeddings',
    async (form) => {
      double.mappingForm(form)
      for (const work of [
        () => ask(remote(), { model: UNSERVED }),
        () => embedding(remote(), ['text'], UNSERVED),
      ]) {
        const error = await failureOf(work)
        expect(error).toMatchObject({
          code: 'model-not-served',
          scope: 'model',
          model: UNSERVED,
          next: 'elsewhere',
        })
        expect(error.message).toContain('No inference provider serves Salesforce/codegen-350M-mono')
      }
    },
  )

  it('chat and code fail over', () => demandFailover('model-not-served', remote, UNSERVED))

  it('embeddings of a model nobody serves fail over inside the space only', async () => {
    double.mappingForm('empty-array')
    await demandEmbeddingFailover('model-not-served', remote)
  })

  it('no promise is left hanging: the failure comes by itself, without a timeout', async () => {
    const never = { now: () => 0, after: () => () => undefined }
    const context = { signal: new AbortController().signal, clock: never }
    const error = await failureOf(() => embedding(remote(), ['text'], UNSERVED, context))
    expect(error.code).toBe('model-not-served')
  })
})

describe('seed: the monthly credits are gone', () => {
  it('is `credits` of the account until the first of next month, and fails over', async () => {
    double.refuse('chat', hfError('402 monthly credits depleted'))
    const error = await failureOf(() => ask(remote()))
    expect(error).toMatchObject({ code: 'credits', scope: 'account' })
    expect(new Date(Number(error.until)).toISOString()).toMatch(/-01T00:00:00\.000Z$/)
    expect(Number(error.until)).toBeGreaterThan(Date.now())
    await demandFailover('credits', remote)
  })
})
