import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LoopbackServer, loopbackServer } from './support/loopback-server.js'

const script = fileURLToPath(new URL('fixtures/call-and-close.mjs', import.meta.url))
let server: LoopbackServer

beforeAll(async () => {
  server = await loopbackServer(({ path }, response) => {
    if (path === '/json') response.end('{"ok":true}')
    if (path === '/endless') response.write('1\n')
  })
})
afterAll(() => server.close())

interface Run {
  readonly code: number | null
  readonly lingeredMs: number
  readonly report: Readonly<Record<string, unknown>>
}

function run(mode: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, server.url, mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => {
      const report = JSON.parse(output) as Run['report']
      resolve({ code, report, lingeredMs: Date.now() - Number(report['doneAt']) })
    })
  })
}

test.each([
  ['after close', 'closed'],
  ['after close with limits on headers and stalls', 'limits'],
  ['after leaving a stream and close', 'left'],
  ['after close with a call under way', 'under-way'],
  ['without close, when only unused connections are left', 'open'],
])('a process ends by itself at once %s', async (_name, mode) => {
  const { code, lingeredMs } = await run(mode)
  expect(code).toBe(0)
  expect(lingeredMs).toBeLessThan(1_000)
})

test('undici is loaded with the first call, not with the package or a client', async () => {
  const { report } = await run('closed')
  expect(report).toMatchObject({ loadedAtImport: false, loadedAtCreation: false, loadedAtSend: true })
})
