import type { ProbeCheck, ProbeVerdict } from '@openmux/core'
import { type HandlerServer, type SeenRequest, serveHandlers } from '@openmux/testkit'
import { type HfDouble, hfDouble, hfError, retiredHostDouble } from '@openmux/testkit/hf-remote'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type HfRemoteOptions, hfEndpoint, hfRemote } from '../src/index.js'
import { callContext, failureOf, TOKEN } from './support/context.js'

const double: HfDouble = hfDouble()
let router: HandlerServer
let retired: HandlerServer

beforeAll(async () => {
  router = await serveHandlers([...double.handlers])
  retired = await serveHandlers([...retiredHostDouble()])
})
afterEach(() => {
  double.reset()
  router.reset()
  retired.reset()
})
afterAll(async () => {
  await router.close()
  await retired.close()
})

/** The real addresses, over loopback: what the provider believes to be Hugging Face is the double. */
const atTheDoubles: NonNullable<HfRemoteOptions['fetch']> = (input, init) =>
  fetch(
    input
      .replace(/^https:\/\/(?:router\.)?huggingface\.co(?=\/)/, router.url)
      .replace('https://api-inference.huggingface.co', retired.url),
    init,
  )

async function probed(
  spend = false,
  options: HfRemoteOptions = { token: TOKEN },
): Promise<readonly ProbeCheck[]> {
  const provider = hfRemote({ environment: {}, fetch: atTheDoubles, ...options })
  try {
    return (await provider.probe?.({ spend }, callContext())) ?? []
  } finally {
    await provider.close()
  }
}

function verdicts(checks: readonly ProbeCheck[]): Readonly<Record<string, ProbeVerdict>> {
  return Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]))
}

function check(checks: readonly ProbeCheck[], id: string): ProbeCheck {
  const found = checks.find((one) => one.id === id)
  if (found === undefined) throw new Error(`there is no check ${id}`)
  return found
}

/** Requests that a model could have answered: with messages, inputs or input that hold something. */
function generating(requests: readonly SeenRequest[]): readonly SeenRequest[] {
  return requests.filter(({ method, body }) => {
    if (method !== 'POST') return false
    const { messages = [], inputs, input } = JSON.parse(body) as Record<string, unknown>
    return (messages as readonly unknown[]).length > 0 || inputs !== undefined || input !== undefined
  })
}

const EVERYTHING_AS_BELIEVED = {
  'router.models': 'as-expected',
  'router.chat': 'as-expected',
  'router.feature-extraction': 'as-expected',
  'hub.mapping': 'as-expected',
  'model.embeddings': 'as-expected',
  'hub.list': 'as-expected',
  'hub.whoami': 'as-expected',
  'retired.host': 'gone',
  'retired.root': 'gone',
  'retired.models': 'gone',
  'retired.id': 'gone',
  'retired.body': 'gone',
  'retired.old-path': 'gone',
  'spend.chat': 'not-checked',
  'spend.code': 'not-checked',
  'spend.embeddings': 'not-checked',
}

describe('probing Hugging Face', () => {
  test('finds everything as believed, in a stable order, with evidence', async () => {
    const checks = await probed()
    expect(Object.entries(verdicts(checks))).toEqual(Object.entries(EVERYTHING_AS_BELIEVED))
    for (const { verdict, expected, evidence, durationMs, spent } of checks) {
      expect([expected, 'not-checked']).toContain(verdict)
      expect(evidence).not.toBe('')
      expect(durationMs).toBeGreaterThanOrEqual(0)
      expect(spent).toBe(false)
    }
    expect(check(checks, 'retired.host')).toMatchObject({ status: 410, expected: 'gone' })
    expect(check(checks, 'retired.host').evidence).toContain('no longer supported')
    expect(check(checks, 'router.chat')).toMatchObject({
      endpoint: 'POST https://router.huggingface.co/v1/chat/completions',
      task: 'chat',
      status: 400,
    })
  })

  test('sends nothing that a model could answer', async () => {
    await probed()
    const seen = [...router.requests(), ...retired.requests()]
    expect(seen.length).toBeGreaterThanOrEqual(12)
    expect(generating(seen)).toEqual([])
  })

  test('sends the token to router and hub, and not to the retired host', async () => {
    await probed()
    expect(retired.requests()).toHaveLength(1)
    for (const { headers } of retired.requests()) expect(JSON.stringify(headers)).not.toContain('canary')
    for (const { headers } of router.requests()) expect(headers['authorization']).toBe(`Bearer ${TOKEN}`)
  })

  test('tries one tiny answer for each task when it may spend', async () => {
    const checks = await probed(true)
    for (const task of ['chat', 'code', 'embeddings'])
      expect(check(checks, `spend.${task}`)).toMatchObject({ verdict: 'as-expected', spent: true, task })
    const answered = generating(router.requests())
    expect(answered).toHaveLength(3)
    for (const { body } of answered.slice(0, 2)) expect(JSON.parse(body)).toMatchObject({ max_tokens: 8 })
  })

  test('goes as far as it can without a token', async () => {
    const checks = await probed(true, {})
    expect(verdicts(checks)).toMatchObject({
      'router.models': 'as-expected',
      'router.chat': 'not-checked',
      'hub.mapping': 'as-expected',
      'hub.whoami': 'not-checked',
      'retired.host': 'gone',
      'spend.chat': 'not-checked',
    })
    expect(check(checks, 'router.chat').evidence).toMatch(/no key was sent.*HTTP 401/)
    expect(generating(router.requests())).toEqual([])
  })

  test('does not ask the retired host in the name of another router', async () => {
    const checks = await probed(false, { token: TOKEN, baseURL: router.url, hubURL: router.url })
    expect(check(checks, 'retired.host').verdict).toBe('not-checked')
    expect(retired.requests()).toEqual([])
  })

  test('leaves when the caller does', async () => {
    const provider = hfRemote({ environment: {}, fetch: atTheDoubles, token: TOKEN })
    const context = callContext({ signal: AbortSignal.abort() })
    expect((await failureOf(() => provider.probe?.({ spend: false }, context))).code).toBe('aborted')
    await provider.close()
  })
})

describe('what the probe notices', () => {
  test('10 November 2025: the host answers 410, its successor 404 whatever the path', async () => {
    double.everythingNotFound()
    const checks = await probed()
    expect(verdicts(checks)).toMatchObject({
      'router.models': 'gone',
      'router.chat': 'gone',
      'router.feature-extraction': 'gone',
      'retired.host': 'gone',
    })
    expect(check(checks, 'router.chat')).toMatchObject({ status: 404, expected: 'as-expected' })
    expect(check(checks, 'router.chat').evidence).toContain('Cannot POST /v1/chat/completions')
  })

  test('a chat route that answers 410, in words about models', async () => {
    router.use(
      http.post('*/v1/chat/completions', () =>
        HttpResponse.json({ error: 'This model API is no longer supported.' }, { status: 410 }),
      ),
    )
    expect(check(await probed(), 'router.chat')).toMatchObject({ verdict: 'gone', status: 410 })
  })

  test('a route that moved to another host', async () => {
    router.use(
      http.get('*/v1/models', () =>
        HttpResponse.text('', { status: 308, headers: { location: 'https://new.example/v2/models?key=1' } }),
      ),
    )
    const moved = check(await probed(), 'router.models')
    expect(moved).toMatchObject({ verdict: 'moved', status: 308 })
    expect(moved.evidence).toContain('new.example')
    expect(moved.evidence).not.toContain('key=1')
  })

  test.each([
    ['a list without data', 'router.models', '*/v1/models', { models: [] }],
    ['models without live providers', 'router.models', '*/v1/models', { data: [{ id: 'a/b' }] }],
    [
      'models whose prices are words',
      'router.models',
      '*/v1/models',
      { data: [{ id: 'a/b', providers: [{ provider: 'x', status: 'live', pricing: { input: '0.1' } }] }] },
    ],
    [
      'a mapping of another kind',
      'hub.mapping',
      '*/api/models/*/*',
      { id: 'a/b', inferenceProviderMapping: 3 },
    ],
    [
      'a mapping without states',
      'hub.mapping',
      '*/api/models/*/*',
      { id: 'a/b', inferenceProviderMapping: { groq: { model: 'x' } } },
    ],
    ['a list that is an object', 'hub.list', '*/api/models', { items: [] }],
    ['nobody behind the token', 'hub.whoami', '*/api/whoami-v2', { ok: true }],
    ['a web page', 'router.models', '*/v1/models', '<html><title>Sign in</title></html>'],
  ])('a changed form: %s', async (_name, id, path, body) => {
    router.use(
      http.get(path, () => (typeof body === 'string' ? HttpResponse.html(body) : HttpResponse.json(body))),
    )
    expect(check(await probed(), id)).toMatchObject({ verdict: 'changed-shape', status: 200 })
  })

  test('the usual embedding model that nobody serves any more', async () => {
    double.mappingForm('empty-array')
    const checks = await probed()
    expect(check(checks, 'model.embeddings').verdict).toBe('gone')
    // That nobody serves a model is a form the hub has always had.
    expect(check(checks, 'hub.mapping').verdict).toBe('as-expected')
  })

  test.each(['object', 'array', 'empty-object', 'absent'] as const)(
    'the mapping in its form "%s" is no news',
    async (form) => {
      double.mappingForm(form)
      expect(check(await probed(), 'hub.mapping').verdict).toBe('as-expected')
    },
  )

  test.each([
    ['unauthorised', '401 bad token, quoted'],
    ['quota', '429 with Retry-After'],
    ['unreachable', '503 overloaded'],
  ])('%s, by the words of the upstream', async (verdict, title) => {
    double.refuse('chat', hfError(title))
    expect(check(await probed(), 'router.chat').verdict).toBe(verdict)
  })

  test('credits that are used up', async () => {
    router.use(
      http.post('*/v1/chat/completions', () =>
        HttpResponse.json({ error: 'You have depleted your monthly included credits.' }, { status: 402 }),
      ),
    )
    expect(check(await probed(), 'router.chat')).toMatchObject({ verdict: 'quota', status: 402 })
  })

  test('a host that nobody answers at', async () => {
    const nowhere = await serveHandlers([])
    await nowhere.close()
    const checks = await probed(false, { token: TOKEN, baseURL: nowhere.url, hubURL: router.url })
    expect(verdicts(checks)).toMatchObject({ 'router.chat': 'unreachable', 'hub.mapping': 'as-expected' })
  })

  test.each([
    ['answers with 200', { status: 200, body: [{ generated_text: 'hi' }] }],
    ['misses its inputs', { status: 422, body: { error: 'missing field `inputs`' } }],
  ])('a retired host that %s works again', async (_name, { status, body }) => {
    retired.use(http.all('*', () => HttpResponse.json(body, { status })))
    expect(check(await probed(), 'retired.host')).toMatchObject({
      verdict: 'works-again',
      expected: 'gone',
      status,
    })
  })

  test('a retired form that exists again and serves no such model is still of no use', async () => {
    router.use(
      http.post('*/hf-inference/models/microsoft/DialoGPT-medium', () =>
        HttpResponse.json({ error: 'Model not supported by provider hf-inference' }, { status: 400 }),
      ),
    )
    const form = check(await probed(), 'retired.models')
    expect(form).toMatchObject({ verdict: 'gone', status: 400 })
    expect(form.evidence).toContain('Model not supported')
  })

  test('no token comes back in any evidence, whatever a server quotes', async () => {
    router.use(
      http.all('*', ({ request }) =>
        HttpResponse.json(
          { error: `who is ${request.headers.get('authorization') ?? ''} and ${TOKEN}?`, name: TOKEN },
          { status: 400 },
        ),
      ),
    )
    expect(JSON.stringify(await probed(true))).not.toContain('canary')
  })
})

test('an endpoint is not woken by a probe, unless it may spend', async () => {
  const provider = hfEndpoint({ url: router.url, task: 'embeddings', model: 'a/b', environment: {} })
  const [idle] = (await provider.probe?.({ spend: false }, callContext())) ?? []
  expect(idle?.verdict).toBe('not-checked')
  expect(router.requests()).toEqual([])
  const [asked] = (await provider.probe?.({ spend: true }, callContext())) ?? []
  expect(asked).toMatchObject({ id: 'health', verdict: 'gone', status: 404, spent: true })
  await provider.close()
})
