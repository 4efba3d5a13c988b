import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveHandlers, tinyModelsFolder } from '@openmux/testkit'
import { hfDouble, retiredHostDouble } from '@openmux/testkit/hf-remote'
import { hubDouble } from '@openmux/testkit/hub'
import { openrouterDouble } from '@openmux/testkit/openrouter'
import { readReport } from 'openmux'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demandTableRows } from '../seed-breaks/table.ts'
import { githubDouble } from './github-double.ts'
import { reportIssue } from './run.ts'

const root = join(import.meta.dirname, '../..')
const workflow = readFileSync(join(root, '.github/workflows/scheduled.yml'), 'utf8')

describe('the scheduled workflow', () => {
  it('runs daily and by hand', () => {
    expect(workflow).toMatch(/schedule:\n\s+- cron: '\d+ \d+ \* \* \*'/)
    expect(workflow).toContain('workflow_dispatch:')
  })

  it('pins every action by its whole commit', () => {
    const used = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action)
    expect(used.length).toBeGreaterThan(0)
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([])
  })

  it('may read, and write issues, and nothing else', () => {
    const given = [...workflow.matchAll(/^\s+(\w+): (read|write)$/gm)].map(
      ([, what, how]) => `${what} ${how}`,
    )
    expect(given).toEqual(['contents read', 'contents read', 'actions read', 'issues write'])
  })

  it('puts no expression into a shell, where its value could be a command', () => {
    const scripts = [...workflow.matchAll(/^( +)(?:- )?run: (?:[|>]-?\n((?:\1 {2,}.*\n|\n)+)|(.*))/gm)]
    const texts = scripts.map(([, , block, line]) => block ?? line ?? '')
    expect(texts.length).toBeGreaterThan(3)
    expect(texts.filter((text) => text.includes('${{'))).toEqual([])
  })

  it('starts only what is there', () => {
    const files = [...workflow.matchAll(/\btools\/[\w/.-]+\.(?:ts|mjs|json)\b/g)].map(([file]) => file)
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(files).toContain('tools/drift/report-issue.ts')
  })
})

describe('from the probe to the issue', () => {
  const TOKEN = 'ghs_canaryCanary4711canaryCanary'
  const HF_TOKEN = 'hf_canaryCanary4711canaryCanary'
  const folder = mkdtempSync(join(tmpdir(), 'openmux-drift-'))
  const servers: { readonly url: string; close(): Promise<void> }[] = []
  const serve = async (handlers: Parameters<typeof serveHandlers>[0]): Promise<string> => {
    const server = await serveHandlers(handlers)
    servers.push(server)
    return server.url
  }
  const github = githubDouble({ token: TOKEN })
  const urls = { retired: '', router: '', openrouter: '', hub: '', github: '' }
  beforeAll(async () => {
    urls.retired = await serve(retiredHostDouble())
    urls.router = await serve(hfDouble({ token: HF_TOKEN }).handlers)
    urls.openrouter = await serve(openrouterDouble().handlers)
    urls.hub = await serve(hubDouble({ models: tinyModelsFolder() }).handlers)
    urls.github = await serve(github.handlers)
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await Promise.all(servers.map((server) => server.close()))
  })

  /** What the workflow's step does, with doubles in place of the services. */
  async function probe(routerURL: string): Promise<string> {
    const config = join(folder, 'openmux.config.json')
    const { order } = JSON.parse(
      readFileSync(join(root, 'tools/drift/openmux.config.json'), 'utf8'),
    ) as object & {
      readonly order: readonly string[]
    }
    const providers = {
      openrouter: { baseURL: `${urls.openrouter}/api/v1`, apiKey: 'canary-key-4711' },
      'hf-remote': { baseURL: routerURL, hubURL: urls.router, token: HF_TOKEN },
      'hf-local': {
        hub: urls.hub,
        chatModel: 'openmux-test/tiny-chat',
        embeddingModel: 'openmux-test/tiny-embed',
      },
    }
    writeFileSync(config, JSON.stringify({ order, providers }))
    const child = spawn(
      process.execPath,
      [join(root, 'packages/cli/dist/bin.js'), 'probe', '--json', '--config', config],
      { env: { PATH: process.env['PATH'], HOME: folder, OPENMUX_CACHE: folder }, cwd: folder },
    )
    let text = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (errors += piece))
    const [code] = (await once(child, 'close')) as [number | null]
    // The same codes that the workflow lets pass.
    expect([0, 3, 4, 6], errors).toContain(code)
    return text
  }

  async function report(text: string): Promise<{ readonly code: number; readonly said: string }> {
    const file = join(folder, 'report.json')
    writeFileSync(file, text)
    const said: string[] = []
    const code = await reportIssue({
      args: ['--report', file],
      env: { GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'openmux/openmux', GITHUB_API_URL: urls.github },
      say: (line) => said.push(line),
      complain: (line) => said.push(line),
    })
    return { code, said: said.join('\n') }
  }

  it('the morning after another 410 there is one issue, in words; when it is over it is closed', async () => {
    const well = await probe(urls.router)
    expect((await readReport(well, 'report')).providers.map(({ id }) => id)).toEqual([
      'openrouter',
      'hf-remote',
      'hf-local',
    ])
    expect(await report(well)).toMatchObject({ code: 0, said: expect.stringContaining('nothing to do') })

    const gone = await probe(urls.retired)
    expect(gone).not.toContain(HF_TOKEN)
    expect(await report(gone)).toMatchObject({ code: 0, said: expect.stringContaining('opened issue 1') })
    expect(github.issues).toHaveLength(1)
    expect(github.issues[0]?.title).toBe('Upstream drift: hf-remote no longer as our packages say')
    expect(github.issues[0]?.body).toContain('no longer supported')

    expect((await report(await probe(urls.router))).said).toContain('closed issue 1')
  })
})

it('every row of the document about this file is a test that ran', ({ task }) => demandTableRows(task))
