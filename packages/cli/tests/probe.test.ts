import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProbeCheck, Provider } from '@openmux/core'
import { hfRemote } from '@openmux/provider-hf-remote'
import { openrouter } from '@openmux/provider-openrouter'
import { type HandlerServer, scriptedProvider, serveHandlers } from '@openmux/testkit'
import { type HfDouble, hfDouble, retiredHostDouble } from '@openmux/testkit/hf-remote'
import { openrouterDouble } from '@openmux/testkit/openrouter'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ProbeReport, readReport } from '../src/index.js'
import { eventually } from './support/eventually.js'
import { check, retired, route } from './support/probe-report.js'
import { emptyFolder, outcome, start } from './support/run-in-process.js'

const TOKEN = 'hf_canaryCANARYcanary4711canary'
const KEY = 'sk-or-v1-canary4711abcdefghijklmnop'

const hub: HfDouble = hfDouble()
const routed = openrouterDouble({ apiKey: KEY })
let router: HandlerServer
let old: HandlerServer
let other: HandlerServer

beforeAll(async () => {
  router = await serveHandlers([...hub.handlers])
  old = await serveHandlers([...retiredHostDouble()])
  other = await serveHandlers([...routed.handlers])
})
afterEach(() => {
  hub.reset()
  routed.reset()
  for (const server of [router, old, other]) server.reset()
})
afterAll(async () => {
  for (const server of [router, old, other]) await server.close()
})

/** Hugging Face at its real addresses, which are the doubles here. */
function huggingFace(changes: Partial<Provider> = {}): Provider {
  const provider = hfRemote({
    token: TOKEN,
    environment: {},
    fetch: (input, init) =>
      fetch(
        input
          .replace(/^https:\/\/(?:router\.)?huggingface\.co(?=\/)/, router.url)
          .replace('https://api-inference.huggingface.co', old.url),
        init,
      ),
  })
  return { ...provider, ...changes }
}

function openRouter(): Provider {
  return openrouter({ apiKey: KEY, baseURL: `${other.url}/api/v1`, environment: {} })
}

/** A provider whose probe finds exactly this. */
function finding(checks: readonly ProbeCheck[], changes: Partial<Provider> = {}): Provider {
  return { ...scriptedProvider({ id: 'acme' }), probe: async () => checks, ...changes }
}

describe('openmux probe', () => {
  test('tells each endpoint with verdict and evidence, and ends with 0 when all is as believed', async () => {
    const { code, out } = await outcome(['probe'], { providers: [huggingFace(), openRouter()] })
    expect(code).toBe(0)
    expect(out).toMatch(
      /as expected\s+router\.chat\s+POST https:\/\/router\.huggingface\.co\/v1\/chat\/completions/,
    )
    expect(out).toMatch(/gone, as expected\s+retired\.host/)
    expect(out).toContain('no longer supported')
    expect(out).toContain('hf-remote: as its package says')
    expect(out).toContain('openrouter: as its package says')
  })

  test('generates nothing without --spend, on any back end', async () => {
    await outcome(['probe'], { providers: [huggingFace(), openRouter()] })
    const posts = [...router.requests(), ...old.requests(), ...other.requests()].filter(
      ({ method }) => method === 'POST',
    )
    expect(posts.length).toBeGreaterThan(8)
    for (const { body } of posts) {
      const { messages = [], inputs, input = [] } = JSON.parse(body) as Record<string, unknown>
      expect([messages, inputs, input]).toEqual([[], undefined, []])
    }
  })

  test('with --spend tries a tiny answer for each task', async () => {
    const { code, out } = await outcome(['probe', '--spend'], { providers: [huggingFace(), openRouter()] })
    expect(code).toBe(0)
    expect(out.match(/as expected\s+spend\./g)).toHaveLength(6)
  })

  test('ends with 6 when a back end died overnight, and says what its package believed', async () => {
    hub.everythingNotFound()
    const { code, out } = await outcome(['probe', 'hf-remote'], { providers: [huggingFace(), openRouter()] })
    expect(code).toBe(6)
    expect(out).toContain('hf-remote: not what its package says')
    expect(out).toContain(
      'Nothing that hf-remote is used for answers any more, and its package says experimental',
    )
    expect(other.requests()).toEqual([])
  })

  test('probes a disabled back end, and ends with 6 when it works again', async () => {
    const lifecycle = { stage: 'disabled', since: '2025-11-10', reason: 'It answers 410.' } as const
    const disabled = huggingFace({ lifecycle })
    const { code, out } = await outcome(['probe'], { providers: [disabled] })
    expect(code).toBe(6)
    expect(out).toContain('works again, and its package says disabled since 2025-11-10')
    hub.everythingNotFound()
    expect((await outcome(['probe'], { providers: [huggingFace({ lifecycle })] })).code).toBe(0)
  })

  test('ends with 6 when a retired address works again', async () => {
    old.use(http.all('*', () => HttpResponse.json([{ generated_text: 'I am back' }])))
    const { code, out } = await outcome(['probe'], { providers: [huggingFace()] })
    expect(code).toBe(6)
    expect(out).toMatch(/works again\s+retired\.host/)
  })

  test.each([
    ['4 when nobody can be reached', 'unreachable', 4],
    ['4 when the quota is used up', 'quota', 4],
    ['3 when the key is refused', 'unauthorised', 3],
    ['6 when the form has changed', 'changed-shape', 6],
    ['6 when it has moved', 'moved', 6],
  ] as const)('ends with %s', async (_name, verdict, code) => {
    expect((await outcome(['probe'], { providers: [finding([route('chat', verdict)])] })).code).toBe(code)
  })

  test('prints a report that is stable, indented, and can be read again', async () => {
    const world = { providers: [huggingFace(), openRouter()] }
    const first = await outcome(['probe', '--json'], world)
    const second = await outcome(['probe', '--json'], world)
    const report = JSON.parse(first.out) as ProbeReport & { judgement: unknown }
    expect(Object.keys(report)).toEqual(['version', 'date', 'spend', 'packages', 'providers', 'judgement'])
    expect(report.packages).toMatchObject({
      openmux: expect.any(String),
      '@openmux/provider-hf-remote': expect.any(String),
    })
    expect(report.providers.map(({ id, package: name }) => [id, name])).toEqual([
      ['hf-remote', '@openmux/provider-hf-remote'],
      ['openrouter', '@openmux/provider-openrouter'],
    ])
    expect((await readReport(first.out, 'first')).providers).toEqual(report.providers)
    const timeless = (text: string): readonly string[] =>
      text.split('\n').filter((line) => !/"(?:date|durationMs)":/.test(line))
    expect(timeless(first.out)).toEqual(timeless(second.out))
    expect(timeless(first.out).length).toBeGreaterThan(100)
  })

  test('--compare tells only what changed', async () => {
    const file = join(emptyFolder(), 'report.json')
    writeFileSync(file, (await outcome(['probe', '--json'], { providers: [huggingFace()] })).out)
    const same = await outcome(['probe', '--compare', file], { providers: [huggingFace()] })
    expect(same).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing changed since \S+\.\n$/) })
    router.use(http.get('*/v1/models', () => HttpResponse.json({ data: 'later' })))
    const changed = await outcome(['probe', '--compare', file], { providers: [huggingFace()] })
    expect(changed.code).toBe(6)
    expect(changed.out.trim().split('\n')).toHaveLength(2)
    expect(changed.out).toContain(
      'router.models (GET https://router.huggingface.co/v1/models): as-expected → changed-shape',
    )
    // Why it ends so is told beside, not among the changes.
    expect(changed.err).toContain('not what its package says')
    const json = JSON.parse(
      (await outcome(['probe', '--json', '--compare', file], { providers: [huggingFace()] })).out,
    ) as {
      readonly comparison: { readonly changes: readonly unknown[] }
    }
    expect(json.comparison.changes).toHaveLength(1)
  })

  test('refuses a file that is no report before it asks anybody', async () => {
    const file = join(emptyFolder(), 'report.json')
    writeFileSync(file, '{"version":1}')
    for (const name of [file, `${file}.lost`]) {
      const { code, err } = await outcome(['probe', '--compare', name], { providers: [huggingFace()] })
      expect(code).toBe(2)
      expect(err).toContain('openmux probe --json')
    }
    expect(router.requests()).toEqual([])
  })

  test('shows no key, in text, JSON and comparison, whatever a server quotes', async () => {
    const quote = http.all('*', ({ request }) =>
      HttpResponse.json(
        { error: { message: `${request.headers.get('authorization') ?? ''} ${TOKEN} ${KEY}`, code: 400 } },
        { status: 400 },
      ),
    )
    for (const server of [router, old, other]) server.use(quote)
    const file = join(emptyFolder(), 'report.json')
    for (const argv of [
      ['probe', '--json', '--spend'],
      ['probe', '--spend', '-v'],
      ['discover', '--json'],
      ['discover', '-v'],
      ['probe', '--compare', file],
    ]) {
      const { out, err } = await outcome(argv, { providers: [huggingFace(), openRouter()] })
      expect(`${out}${err}`.length).toBeGreaterThan(100)
      expect(`${out}${err}`).not.toMatch(/canary/i)
      if (argv[1] === '--json' && argv[0] === 'probe') writeFileSync(file, out)
    }
  })

  test('shows control characters of a server, and does not obey them', async () => {
    const evil = finding([check('list', 'gone', { evidence: '\u001b]0;owned\u0007' })])
    const { out } = await outcome(['probe'], {
      providers: [evil],
      stdoutTerminal: true,
      env: { NO_COLOR: '1' },
    })
    // oxlint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u001b\u0007]/)
    expect(out).toContain('␛]0;owned')
  })

  test('fits a terminal of 80 columns', async () => {
    const { out } = await outcome(['probe'], {
      providers: [huggingFace()],
      stdoutTerminal: true,
      env: { NO_COLOR: '1' },
    })
    const tooLong = out.split('\n').filter((line) => line.length > 80 && !line.includes('https://'))
    expect(tooLong).toEqual([])
    expect(out).toContain('retired.host')
  })

  test('a provider that cannot probe, or whose probe breaks, does not silence the others', async () => {
    const plain = scriptedProvider({ id: 'plain' })
    const broken = finding([], { id: 'broken', probe: () => Promise.reject(new Error(`oops ${TOKEN}`)) })
    const { code, out } = await outcome(['probe'], {
      providers: [plain, broken, finding([route('chat', 'as-expected')])],
    })
    expect(code).toBe(0)
    expect(out).toContain('plain: could not be told')
    expect(out).toContain('Nothing was checked: this provider cannot probe its back end')
    expect(out).toContain('its probe failed: oops')
    expect(out).toContain('acme: as its package says')
    expect(out).not.toContain('canary')
  })

  test('asks nobody beyond this machine when offline', async () => {
    const { code, out } = await outcome(['probe', '--offline'], { providers: [huggingFace()] })
    expect(code).toBe(3)
    expect(out).toContain('offline')
    expect(router.requests()).toEqual([])
  })

  test('takes any spelling of a name, and says which there are', async () => {
    const providers = [huggingFace(), openRouter(), finding([retired('old', 'gone')])]
    expect((await outcome(['probe', 'Open Router'], { providers })).out).not.toContain('hf-remote')
    const unknown = await outcome(['probe', 'openruter'], { providers })
    expect(unknown.code).toBe(2)
    expect(unknown.err).toContain('openrouter')
    expect((await outcome(['probe', 'acme', 'openrouter'], { providers })).code).toBe(2)
  })

  test('ends with 124 when its time is over, and with 130 when it is interrupted', async () => {
    hub.silence('models')
    const late = await outcome(['probe', '--timeout', '0.3'], { providers: [huggingFace()] })
    expect(late.code).toBe(124)
    const running = start(['probe'], { providers: [huggingFace()] })
    const before = router.requests().length
    await eventually(() => router.requests().length > before, running.err)
    running.signal('SIGINT')
    expect((await running.done).code).toBe(130)
  })

  test('is for no other command', async () => {
    expect((await outcome(['ask', '--spend', 'hi'], { providers: [] })).code).toBe(2)
    expect((await outcome(['probe', '--model', 'x'], { providers: [] })).code).toBe(2)
  })
})

describe('the real packages', () => {
  test('a provider without a key is probed as far as that goes', async () => {
    const cwd = emptyFolder()
    writeFileSync(
      join(cwd, 'openmux.config.json'),
      JSON.stringify({
        order: ['openrouter'],
        providers: { openrouter: { baseURL: `${other.url}/api/v1` } },
      }),
    )
    const { code, out } = await outcome(['probe', 'openrouter', '--json'], { realProviders: true, cwd })
    const report = JSON.parse(out) as ProbeReport
    const [probed] = report.providers
    const verdicts = Object.fromEntries((probed?.checks ?? []).map(({ id, verdict }) => [id, verdict]))
    expect(verdicts).toMatchObject({ models: 'as-expected', key: 'not-checked', chat: 'not-checked' })
    expect(code).toBe(0)
  })

  test('a preset that nobody configured can be named', async () => {
    const { code, out } = await outcome(['probe', 'vllm', '--json'], { realProviders: true })
    expect(JSON.parse(out)).toMatchObject({
      providers: [{ id: 'vllm', checks: [{ id: 'models', verdict: 'unreachable' }, {}, {}, {}] }],
    })
    expect(code).toBe(4)
  })
})

describe('openmux discover', () => {
  test('hf: the addresses that answer, and who serves what', async () => {
    const { code, out } = await outcome(['discover', 'hf', '--task', 'chat'], {
      providers: [huggingFace(), openRouter()],
    })
    expect(code).toBe(0)
    expect(out).toMatch(/gone, as expected\s+retired\.root/)
    expect(out).toContain('hf-remote/openai/gpt-oss-120b')
    expect(out).toContain('served by groq (0.15/0.75), cerebras (0.25/0.69), nebius (error, free)')
    expect(out).not.toContain('all-MiniLM')
    expect(other.requests()).toEqual([])
  })

  test('openrouter: free models for embeddings', async () => {
    const { code, out } = await outcome(['discover', 'openrouter', '-t', 'embeddings', '--json'], {
      providers: [huggingFace(), openRouter()],
    })
    const { discoveries } = JSON.parse(out) as {
      discoveries: readonly { models: readonly { model: { free: boolean } }[] }[]
    }
    expect(discoveries).toHaveLength(1)
    expect(discoveries[0]?.models.every(({ model }) => model.free)).toBe(true)
    expect(code).toBe(0)
  })

  test('without a name looks everywhere it can', async () => {
    const { out } = await outcome(['discover', '--json'], {
      providers: [scriptedProvider(), huggingFace(), openRouter()],
    })
    expect(JSON.parse(out)).toMatchObject({
      discoveries: [{ provider: 'hf-remote' }, { provider: 'openrouter' }],
    })
  })

  test('says who can be asked, and ends with 4 when nothing was found', async () => {
    expect((await outcome(['discover', 'ollama'], { providers: [openRouter()] })).code).toBe(2)
    expect((await outcome(['discover', '--offline'], { providers: [openRouter()] })).code).toBe(2)
    routed.refuse('/models', { status: 404, body: 'Not Found' })
    const { code, out } = await outcome(['discover'], { providers: [openRouter()] })
    expect(code).toBe(4)
    expect(out).toContain('could not be listed')
  })
})
