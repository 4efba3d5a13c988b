import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LifecycleStage, ProbeVerdict } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { githubDouble } from './github-double.ts'
import { reportIssue } from './run.ts'

const TOKEN = 'ghs_canaryCanary4711canaryCanary'
const folder = mkdtempSync(join(tmpdir(), 'openmux-drift-'))
let github = githubDouble({ token: TOKEN })
const server = await serveHandlers([])
beforeEach(() => {
  github = githubDouble({ token: TOKEN })
  server.reset()
  server.use(...github.handlers)
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server.close()
})

function fileOf(name: string, value: unknown): string {
  const file = join(folder, name)
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}

/** A report as `openmux probe --json` prints it, with what stands beside it. */
function report(verdict: ProbeVerdict, stage: LifecycleStage = 'experimental'): object {
  const check = {
    id: 'router.chat',
    endpoint: 'POST https://router.huggingface.co/v1/chat/completions',
    purpose: 'chat and code',
    task: 'chat',
    expected: 'as-expected',
    verdict,
    evidence: 'HTTP 410: no longer supported',
    spent: false,
    durationMs: 80,
  }
  const lifecycle = { stage, since: '2026-11-23' }
  return {
    version: 1,
    date: '2026-11-24T05:17:00.000Z',
    spend: false,
    packages: { openmux: '0.1.0' },
    providers: [{ id: 'hf-remote', name: 'Hugging Face', lifecycle, checks: [check] }],
    judgement: [],
  }
}

const ENV = {
  GITHUB_TOKEN: TOKEN,
  GITHUB_REPOSITORY: 'openmux/openmux',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_RUN_ID: '42',
}

async function runWith(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await reportIssue({
    args,
    env: { ...ENV, GITHUB_API_URL: server.url, ...env },
    say: (line) => out.push(line),
    complain: (line) => err.push(line),
    now: () => new Date('2026-11-24T05:20:00Z'),
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const probed = (verdict: ProbeVerdict, stage?: LifecycleStage): readonly string[] => [
  '--report',
  fileOf('report.json', report(verdict, stage)),
]
const writes = () => server.requests().filter(({ method }) => method !== 'GET')

describe('the script of the scheduled run', () => {
  it('keeps exactly one issue through a whole outage', async () => {
    expect(await runWith(probed('as-expected'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing to do'),
    })
    expect(github.issues).toEqual([])

    expect(await runWith(probed('gone'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('opened issue 1'),
    })
    expect(github.issues).toMatchObject([{ state: 'open', labels: ['upstream-drift'] }])
    expect(github.issues[0]?.body).toContain('https://github.example/openmux/openmux/actions/runs/42')
    expect([...github.labels]).toEqual(['upstream-drift'])

    server.reset()
    server.use(...github.handlers)
    for (const _day of [1, 2, 3]) await runWith(probed('gone'))
    expect(writes()).toEqual([])

    expect((await runWith(probed('moved'))).out).toContain('updated issue 1')
    expect(github.issues).toHaveLength(1)
    expect(github.issues[0]?.comments).toHaveLength(1)

    // A day without a network says nothing.
    expect((await runWith(probed('not-checked'))).out).toContain('nothing to do')
    expect((await runWith(probed('as-expected'))).out).toContain('closed issue 1')
    expect(github.issues).toMatchObject([{ state: 'closed', stateReason: 'completed' }])
    expect(github.issues[0]?.comments).toHaveLength(2)

    expect((await runWith(probed('gone'))).out).toContain('opened issue 2')
    expect(github.issues.filter(({ state }) => state === 'open')).toHaveLength(1)
  })

  it('opens one when a disabled back end works again', async () => {
    await runWith(probed('as-expected', 'disabled'))
    expect(github.issues).toMatchObject([{ title: 'Upstream drift: hf-remote works again' }])
  })

  it('finds its issue behind pages of others with the label', async () => {
    await runWith(probed('gone'))
    for (let index = 0; index < 7; index += 1) github.add({ labels: ['upstream-drift'], body: 'of a person' })
    expect((await runWith(probed('gone'))).out).toContain('issue 1 says so already')
  })

  it('tells what is out of reach when it was so the last time, too', async () => {
    expect((await runWith(probed('unreachable'))).out).toContain('nothing to do')
    const previous = ['--previous', fileOf('previous.json', report('unreachable'))]
    expect((await runWith([...probed('unreachable'), ...previous])).out).toContain('opened issue 1')
  })

  it.each(['no JSON', '{"version":0}'])(
    'does without a previous report that cannot be read: %s',
    async (text) => {
      const previous = ['--previous', fileOf('previous.json', text)]
      expect(await runWith([...probed('gone'), ...previous])).toMatchObject({ code: 0 })
    },
  )

  it('tells of live tests that failed', async () => {
    const live = {
      testResults: [
        {
          assertionResults: [
            {
              ancestorTitles: ['live: openrouter, active since 2026-11-23'],
              title: 'chats',
              status: 'failed',
              failureMessages: ['Error: active, but it fails with auth: refused'],
            },
          ],
        },
      ],
    }
    await runWith([...probed('as-expected'), '--live', fileOf('live.json', live)])
    expect(github.issues[0]?.body).toContain('active, but it fails with auth')
  })

  it('changes nothing in a dry run, and says what it would do', async () => {
    const { code, out } = await runWith([...probed('gone'), '--dry-run'])
    expect([code, github.issues]).toEqual([0, []])
    expect(out).toContain('"kind": "create"')
  })
})

describe('a run that cannot do its work', () => {
  it.each([
    ['no report', [], {}, '--report'],
    ['a report that is not there', ['--report', 'nowhere.json'], {}, 'cannot be read'],
    ['an unknown option', ['--force'], {}, '--force'],
    ['no token', undefined, { GITHUB_TOKEN: '' }, 'issues: write'],
    ['no repository', undefined, { GITHUB_REPOSITORY: undefined }, 'GITHUB_REPOSITORY'],
  ])('ends with 1 and says why: %s', async (_what, args, env, words) => {
    const { code, err } = await runWith(args ?? probed('gone'), env)
    expect(code).toBe(1)
    expect(err).toContain(words)
    expect(writes()).toEqual([])
  })

  it('ends with 1 for a report of no known form', async () => {
    const { code, err } = await runWith(['--report', fileOf('odd.json', { version: 2 })])
    expect([code, err]).toEqual([1, expect.stringContaining('bad-request')])
  })

  it('ends with 1 when GitHub refuses, and no word of the token is said', async () => {
    github.refuse(403)
    const { code, out, err } = await runWith(probed('gone'))
    expect(code).toBe(1)
    expect(err).toContain('auth: GitHub answered 403 to POST')
    expect(out + err).not.toContain(TOKEN)
  })

  it('leaves things so that the next run succeeds', async () => {
    github.refuse(502)
    expect((await runWith(probed('gone'))).code).toBe(1)
    github.refuse(undefined)
    expect((await runWith(probed('gone'))).out).toContain('opened issue 1')
  })
})
