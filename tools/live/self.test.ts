import type { Lifecycle, Provider } from '@openmux/core'
import { openaiCompatible } from '@openmux/openai-compatible'
import { hfRemote } from '@openmux/provider-hf-remote'
import { openrouter } from '@openmux/provider-openrouter'
import { serveHandlers } from '@openmux/testkit'
import { hfDouble, hfError, retiredHostDouble } from '@openmux/testkit/hf-remote'
import { openrouterDouble } from '@openmux/testkit/openrouter'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { demandTableRows } from '../seed-breaks/table.ts'
import { judge, type TryOutcome } from './judge.ts'
import { liveChecks } from './live-checks.ts'
import {
  ENDPOINT_URL,
  type Environment,
  type LiveService,
  liveServices,
  manifestLifecycle,
} from './services.ts'

// The logic of the live tests, with doubles in place of the services.

const KEY = 'canary-key-4711-canary'
const TOKEN = 'hf_liveCanary4711liveCanary'
const hf = hfDouble({ token: TOKEN })
const router = openrouterDouble({ apiKey: KEY })
const hfServer = await serveHandlers(hf.handlers)
const routerServer = await serveHandlers(router.handlers)
const retired = await serveHandlers(retiredHostDouble())
afterEach(() => {
  hf.reset()
  router.reset()
  for (const server of [hfServer, routerServer, retired]) server.reset()
})
afterAll(() => Promise.all([hfServer.close(), routerServer.close(), retired.close()]))

const ACTIVE: Lifecycle = { stage: 'active', since: '2026-11-23' }
const DISABLED: Lifecycle = { stage: 'disabled', since: '2025-11-10', reason: 'the host was retired' }

function hfAt(url: string, lifecycle: Lifecycle): LiveService {
  return {
    id: 'hf-remote',
    variables: ['HF_TOKEN'],
    lifecycle,
    make: (environment) => hfRemote({ baseURL: url, hubURL: hfServer.url, environment }),
  }
}

const openrouterThere: LiveService = {
  id: 'openrouter',
  variables: ['OPENROUTER_API_KEY'],
  lifecycle: ACTIVE,
  make: ({ OPENROUTER_API_KEY = '' }) =>
    openrouter({ baseURL: `${routerServer.url}/api/v1`, apiKey: OPENROUTER_API_KEY, environment: {} }),
}

async function verdicts(service: LiveService, environment: Environment): Promise<readonly string[]> {
  const found: string[] = []
  for (const { title, skipped, run } of liveChecks(service, environment, true)) {
    found.push(skipped === undefined ? `${title}: ${(await run()).verdict}` : title)
  }
  return found
}

const WITH_TOKEN = { HF_TOKEN: TOKEN }

describe('a live test without its key', () => {
  it.each([undefined, '', '  '])('is skipped with the name of the variable (%j)', async (value) => {
    expect(await verdicts(hfAt(hfServer.url, ACTIVE), { HF_TOKEN: value })).toEqual([
      'lists models (skipped: HF_TOKEN is not set)',
      'chats (skipped: HF_TOKEN is not set)',
      'embeds (skipped: HF_TOKEN is not set)',
    ])
    expect(hfServer.requests()).toEqual([])
  })

  it('names every variable that is missing', () => {
    const endpoint = liveServices().find(({ id }) => id === 'hf-endpoint')
    const [first] = endpoint === undefined ? [] : liveChecks(endpoint, {}, true)
    expect(first?.skipped).toBe(`HF_TOKEN and ${ENDPOINT_URL} are not set`)
  })

  it('does not run in npm test even with its key, and says what does run it', () => {
    const checks = liveChecks(hfAt(hfServer.url, ACTIVE), WITH_TOKEN, false)
    expect(checks.map(({ skipped }) => skipped)).toEqual(
      Array.from(checks, () => 'npm test asks nobody outside; npm run test:live does'),
    )
  })
})

describe('a live test with its key', () => {
  it('passes where the service does what the package says', async () => {
    expect(await verdicts(hfAt(hfServer.url, ACTIVE), WITH_TOKEN)).toEqual([
      'lists models: pass',
      'chats: pass',
      'embeds: pass',
    ])
    expect(await verdicts(openrouterThere, { OPENROUTER_API_KEY: KEY })).toEqual([
      'lists models: pass',
      'chats: pass',
      'embeds: pass',
    ])
  })

  it('costs one short answer for each task', async () => {
    await verdicts(hfAt(hfServer.url, ACTIVE), WITH_TOKEN)
    const posts = hfServer.requests().filter(({ method }) => method === 'POST')
    expect(posts).toHaveLength(2)
    expect(JSON.parse(posts[0]?.body ?? '')).toMatchObject({ max_tokens: 64 })
  })

  it('chats with a free model where there is one', async () => {
    await verdicts(openrouterThere, { OPENROUTER_API_KEY: KEY })
    const chat = routerServer.requests().find(({ path }) => path.endsWith('/chat/completions'))
    expect((JSON.parse(chat?.body ?? '') as { model: string }).model).toMatch(/:free$|^openrouter\/free$/)
  })

  it('fails where an active service is gone', async () => {
    const [, chats] = liveChecks(hfAt(retired.url, ACTIVE), WITH_TOKEN, true)
    expect(await chats?.run()).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('endpoint-gone'),
    })
  })

  it('is skipped where the credits are used up: the service is as believed', async () => {
    hf.refuse('chat', hfError('402 monthly credits depleted'))
    const [, chats] = liveChecks(hfAt(hfServer.url, ACTIVE), WITH_TOKEN, true)
    expect(await chats?.run()).toMatchObject({
      verdict: 'skip',
      because: expect.stringContaining('nothing is left'),
    })
  })

  it('fails where the key is refused, without showing it', async () => {
    hf.refuse('chat', hfError('401 bad token, quoted'))
    const [, chats] = liveChecks(hfAt(hfServer.url, ACTIVE), WITH_TOKEN, true)
    const judgement = await chats?.run()
    expect(judgement?.verdict).toBe('fail')
    expect(JSON.stringify(judgement)).not.toContain(TOKEN)
  })
})

describe('a live test of a back end that its manifest calls disabled', () => {
  it('fails when the service answers, and says what to do', async () => {
    const checks = liveChecks(hfAt(hfServer.url, DISABLED), WITH_TOKEN, true)
    const judgements = await Promise.all(checks.map(({ run }) => run()))
    expect(judgements.map(({ verdict }) => verdict)).toEqual(['fail', 'fail'])
    expect(judgements[0]?.because).toContain(
      'disabled since 2025-11-10 (the host was retired), but the service answers',
    )
    expect(judgements[0]?.because).toContain('Re-enable it')
  })

  it('passes while it is as dead as believed', async () => {
    const disabled = hfAt(retired.url, DISABLED)
    expect(await verdicts(disabled, WITH_TOKEN)).toEqual(['chats: pass', 'embeds: pass'])
  })

  it('is skipped where somebody is there and refuses the account', async () => {
    hf.refuse('chat', hfError('401 bad token'))
    const [chats] = liveChecks(hfAt(hfServer.url, DISABLED), WITH_TOKEN, true)
    expect(await chats?.run()).toMatchObject({ verdict: 'skip' })
  })

  it('holds for a preset without a list of models, too', async () => {
    const made: Provider[] = []
    const service: LiveService = {
      id: 'github-models',
      variables: ['GITHUB_TOKEN'],
      lifecycle: DISABLED,
      chatModel: 'openai/gpt-oss-120b',
      make: ({ GITHUB_TOKEN = '' }) => {
        const provider = openaiCompatible({
          preset: 'github-models',
          baseURL: `${hfServer.url}/v1`,
          apiKey: GITHUB_TOKEN,
          environment: {},
        })
        made.push(provider)
        return provider
      },
    }
    expect(await verdicts(service, { GITHUB_TOKEN: TOKEN })).toEqual(['chats: fail'])
    expect(made).toHaveLength(1)
  })
})

describe('the judgement', () => {
  const failed = (code: 'network' | 'auth' | 'credits'): TryOutcome => ({
    answered: false,
    code,
    message: 'words',
  })

  it.each([
    ['active', { answered: true, what: 'x' }, 'pass'],
    ['experimental', { answered: true, what: 'x' }, 'pass'],
    ['deprecated', { answered: true, what: 'x' }, 'pass'],
    ['disabled', { answered: true, what: 'x' }, 'fail'],
    ['active', failed('network'), 'fail'],
    ['active', failed('auth'), 'fail'],
    ['active', failed('credits'), 'skip'],
    ['deprecated', failed('network'), 'fail'],
    ['disabled', failed('network'), 'pass'],
    ['disabled', failed('auth'), 'skip'],
    ['disabled', failed('credits'), 'skip'],
  ] as const)('%s, %j: %s', (stage, outcome, verdict) => {
    expect(judge({ stage, since: '2026-01-01' }, outcome).verdict).toBe(verdict)
  })
})

describe('the services', () => {
  it('are every remote package and every preset with a key', () => {
    const ids = liveServices().map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining(['openrouter', 'hf-remote', 'hf-endpoint', 'groq', 'github-models']),
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).not.toContain('lm-studio')
  })

  it('take their stage from the manifests, and the built packages say the same', () => {
    const built = { 'hf-remote': WITH_TOKEN, openrouter: { OPENROUTER_API_KEY: KEY } } as const
    for (const service of liveServices()) {
      if (service.id !== 'hf-remote' && service.id !== 'openrouter') continue
      expect(service.make(built[service.id]).lifecycle).toEqual(service.lifecycle)
    }
    expect(() => manifestLifecycle('@openmux/core')).toThrow('no openmux.lifecycle')
  })
})

it('every row of the document about this file is a test that ran', ({ task }) => demandTableRows(task))
