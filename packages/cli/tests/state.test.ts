import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import { failWith, scriptedProvider, serveHandlers, withFaults } from '@openmux/testkit'
import { openaiDouble } from '@openmux/testkit/openai'
import { describe, expect, onTestFinished, test } from 'vitest'
import { stateFolder } from '../src/state/folders.js'
import { startProgram } from './support/real-process.js'
import { emptyFolder, outcome } from './support/run-in-process.js'

const near = () => scriptedProvider({ id: 'near', chats: [['near'], ['near']] })
const LEDGER = join('.local', 'state', 'openmux', 'ledger.json')

describe('where what was learned is kept', () => {
  test('in the state folder of the user, readable by nobody else', async () => {
    const home = emptyFolder()
    await outcome(['hi'], { home, providers: [near()] })
    const text = readFileSync(join(home, LEDGER), 'utf8')
    expect(JSON.parse(text)).toMatchObject({ format: 'openmux-ledger' })
    expect(text).not.toContain('hi')
  })

  test.each([
    [{}, 'linux', '/home/x/.local/state/openmux'],
    [{ XDG_STATE_HOME: '/state' }, 'linux', '/state/openmux'],
    [{ XDG_STATE_HOME: 'relative' }, 'linux', '/home/x/.local/state/openmux'],
    [{ OPENMUX_STATE: '/elsewhere', XDG_STATE_HOME: '/state' }, 'linux', '/elsewhere'],
    [{ OPENMUX_STATE: 'here' }, 'linux', '/projects/here'],
    [{ OPENMUX_STATE: 'off' }, 'linux', undefined],
  ] as const)('%j on %s: %s', (env, platform, folder) => {
    expect(stateFolder({ env, platform, home: '/home/x', cwd: '/projects' })).toBe(folder)
  })

  test('nowhere, when it is switched off', async () => {
    const home = emptyFolder()
    await outcome(['hi', '--no-state'], { home, providers: [near()] })
    await outcome(['hi'], { home, providers: [near()], env: { OPENMUX_STATE: 'off' } })
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'openmux.config.json'), '{ "state": false }')
    await outcome(['hi'], { home, cwd, providers: [near()] })
    expect(readdirSync(home)).toEqual([])
  })

  test('not where a .env of the working folder says', async () => {
    const home = emptyFolder()
    const cwd = emptyFolder()
    writeFileSync(join(cwd, '.env'), `OPENMUX_STATE=${join(cwd, 'planted')}\n`)
    await outcome(['hi'], { home, cwd, providers: [near()] })
    expect(existsSync(join(cwd, 'planted'))).toBe(false)
    expect(existsSync(join(home, LEDGER))).toBe(true)
  })

  test('looking around writes nothing', async () => {
    const home = emptyFolder()
    for (const argv of [['explain', 'hi'], ['models'], ['providers'], ['quota']])
      await outcome(argv, { home, providers: [near()] })
    expect(readdirSync(home)).toEqual([])
  })
})

describe('a state that cannot be used costs no answer', () => {
  test('a damaged file is set aside, told once, and begun anew', async () => {
    const home = emptyFolder()
    mkdirSync(join(home, '.local', 'state', 'openmux'), { recursive: true })
    writeFileSync(join(home, LEDGER), '{"cooldowns": [')
    const result = await outcome(['hi'], { home, providers: [near()] })
    expect(result).toMatchObject({ code: 0, out: 'near\n' })
    expect(result.err).toMatch(
      /^note: .*ledger\.json was damaged and is now .*; what was learned begins anew\.\n$/,
    )
    expect((await outcome(['hi'], { home, providers: [near()] })).err).toBe('')
    expect(JSON.parse(readFileSync(join(home, LEDGER), 'utf8'))).toMatchObject({ format: 'openmux-ledger' })
  })

  test('a folder that is a file is told in one line to who looks, and to nobody in a pipe', async () => {
    const file = join(emptyFolder(), 'a-file')
    writeFileSync(file, '')
    const env = { OPENMUX_STATE: file, NO_COLOR: '1' }
    expect(await outcome(['hi'], { env, providers: [near()] })).toMatchObject({
      code: 0,
      out: 'near\n',
      err: '',
    })
    const seen = await outcome(['hi'], { env, providers: [near()], stderrTerminal: true })
    expect(seen.err.replaceAll(/\s+/g, ' ')).toMatch(
      /note: what was learned cannot be kept for the next run: .*--no-state/,
    )
    expect(seen.err.match(/note:/g)).toHaveLength(1)
  })

  test('a file of somebody else is left as it is', async () => {
    const home = emptyFolder()
    mkdirSync(join(home, '.local', 'state', 'openmux'), { recursive: true })
    writeFileSync(join(home, LEDGER), '{"mine": true}')
    expect(await outcome(['hi'], { home, providers: [near()] })).toMatchObject({ code: 0, out: 'near\n' })
    expect(readFileSync(join(home, LEDGER), 'utf8')).toBe('{"mine": true}')
  })

  test('a lock that nobody gives back delays the end by no more than a moment', async () => {
    const home = emptyFolder()
    mkdirSync(join(home, '.local', 'state', 'openmux'), { recursive: true })
    // Held by a process that lives: this one.
    const { hostname } = await import('node:os')
    writeFileSync(
      join(home, `${LEDGER}.lock`),
      JSON.stringify({ pid: process.pid, host: hostname(), token: 'held' }),
    )
    const startedAt = Date.now()
    expect(await outcome(['hi'], { home, providers: [near()] })).toMatchObject({ code: 0, out: 'near\n' })
    expect(Date.now() - startedAt).toBeLessThan(6_000)
  })
})

describe('two processes', () => {
  /** A home whose only provider is a server at this address, and the program there. */
  function programAt(url: string): {
    readonly home: string
    ask(...argv: readonly string[]): Promise<Ended>
  } {
    const home = emptyFolder()
    mkdirSync(join(home, '.config', 'openmux'), { recursive: true })
    const file = { order: ['box'], providers: { box: { baseURL: `${url}/v1` } } }
    writeFileSync(join(home, '.config', 'openmux', 'config.json'), JSON.stringify(file))
    return {
      home,
      async ask(...argv) {
        const program = startProgram(argv, { HOME: home })
        program.endInput()
        const { code } = await program.done
        return { code, out: program.out(), err: program.err() }
      },
    }
  }

  test('what one learned the next one knows, and sends no request that would be refused', async () => {
    const { url, asked } = await limitedServer()
    const { ask } = programAt(url)
    expect((await ask('hi')).code).toBe(4)
    const before = asked()
    expect(before).toBeGreaterThan(0)
    const again = await ask('hi')
    expect(again.code).toBe(4)
    expect(again.err).toMatch(/It may be served again in (9|10) min/)
    expect(asked()).toBe(before)
    // Who does not want to know asks.
    await ask('hi', '--no-state')
    expect(asked()).toBeGreaterThan(before)
  })

  test('that run at the same time lose nothing of each other', async () => {
    const double = openaiDouble()
    const server = await serveHandlers(double.handlers)
    onTestFinished(() => server.close())
    const { home, ask } = programAt(server.url)
    const results = await Promise.all(Array.from({ length: 4 }, (_, at) => ask(`question ${at}`)))
    for (const { code, err } of results) expect({ code, err }).toEqual({ code: 0, err: '' })
    const kept = JSON.parse(readFileSync(join(home, LEDGER), 'utf8')) as {
      targets: readonly { samples: readonly object[] }[]
    }
    expect(kept.targets.flatMap(({ samples }) => samples)).toHaveLength(4)
  })
})

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Lists one model and refuses every chat for ten minutes; `asked` counts those chats. */
async function limitedServer(): Promise<{ readonly url: string; asked(): number }> {
  let chats = 0
  const server = createServer((request, response) => {
    request.resume()
    const isChat = request.url?.endsWith('/chat/completions') === true
    if (isChat) chats += 1
    response.writeHead(isChat ? 429 : 200, {
      'content-type': 'application/json',
      ...(isChat && { 'retry-after': '600' }),
    })
    response.end(JSON.stringify(isChat ? { error: { message: 'Slow down.' } } : { data: [{ id: 'one' }] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, asked: () => chats }
}

test('a folder that cannot be written is no reason to wait or to fail', async () => {
  const home = emptyFolder()
  chmodSync(home, 0o500)
  onTestFinished(() => chmodSync(home, 0o700))
  const dead = withFaults(near(), failWith('unavailable'))
  expect(
    await outcome(['hi'], { home, providers: [dead, scriptedProvider({ id: 'b', chats: [['b']] })] }),
  ).toMatchObject({
    code: 0,
    out: 'b\n',
  })
})
