import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { COMMANDS, type CommandName } from '../src/options/command-options.js'
import { OPTIONS } from '../src/options/option-table.js'
import { homeWith, hostedWorld, KEYS, realOutcome } from './support/hosted-world.js'
import { emptyFolder, type World } from './support/run-in-process.js'

/** Every command as somebody might type it; a new command must be put here. */
const WORDS: Readonly<Record<CommandName, readonly string[]>> = {
  ask: ['ask', 'What is wide?'],
  chat: ['chat', 'What is wide?'],
  models: ['models'],
  providers: ['providers'],
  embed: ['embed', 'a cat'],
  explain: ['explain', 'What is wide?'],
  probe: ['probe'],
  discover: ['discover'],
  quota: ['quota', '--ask'],
  replay: ['replay', 'no-such-file.jsonl'],
  cache: ['cache'],
}

/** A command in every form that shows more: plain, as JSON, with all it has to tell. */
const LINES = COMMANDS.flatMap((command) => {
  const takes = (key: string): boolean =>
    OPTIONS.some((option) => option.key === key && option.commands.includes(command))
  return [
    [...WORDS[command]],
    ...(takes('verbose') ? [[...WORDS[command], '--verbose']] : []),
    ...(takes('json') ? [[...WORDS[command], '--json', '--verbose']] : []),
  ]
})

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** No key in whole, and none in a half that would still be worth guessing the rest of. */
function expectNoKey(text: string): void {
  for (const key of Object.values(KEYS)) {
    expect(text).not.toContain(key)
    expect(text).not.toContain(key.slice(0, Math.ceil(key.length / 2)))
  }
}

/** Each line starts a run of its own; most of it is waiting, so they wait together. */
async function everyLine(world: World): Promise<string> {
  const told = await Promise.all(
    LINES.map(async (argv) => {
      const result = await realOutcome([...argv, '--timeout', '20'], world)
      const text = `${result.out}\n${result.err}`
      expect(text.trim(), argv.join(' ')).not.toBe('')
      expectNoKey(text)
      return text
    }),
  )
  return told.join('\n')
}

/** A server that answers everything with the key it was sent, in the ways that servers do. */
async function echo(
  status: number,
  body: (key: string) => string,
): Promise<{ readonly url: string; readonly seen: ReadonlySet<string> }> {
  const seen = new Set<string>()
  const server: Server = createServer((request, response) => {
    const key = (request.headers.authorization ?? '').replace(/^Bearer /, '')
    if (key !== '') seen.add(key)
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-request-id': key,
      // A redirect that takes the key along.
      ...(status === 307 && { location: `http://127.0.0.1:9/${key}` }),
    })
    response.end(body(key))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    seen,
  }
}

function allAt(url: string): Readonly<Record<string, unknown>> {
  return {
    openrouter: { baseURL: `${url}/api/v1`, apiKey: KEYS.openrouter },
    'hf-remote': { baseURL: url, hubURL: url, token: KEYS.huggingFace },
    mine: { baseURL: `${url}/v1`, apiKey: KEYS.own },
  }
}

describe('no key is ever printed', { timeout: 120_000 }, () => {
  test('when everything works', async () => {
    const { addresses } = await hostedWorld()
    const home = homeWith({
      providers: {
        mine: { ...addresses.mine, apiKey: KEYS.own },
        openrouter: { ...addresses.openrouter, apiKey: KEYS.openrouter },
        'hf-remote': { ...addresses['hf-remote'], token: KEYS.huggingFace },
      },
    })
    const all = await everyLine({ home })
    expect(all).toContain('You said: What is wide?')
    const record = join(home, 'decisions.jsonl')
    const cache = join(home, 'cache')
    await realOutcome(['What is wide?', '--cache', '--record', record], {
      home,
      env: { OPENMUX_CACHE: cache },
    })
    // What is kept between runs.
    const kept = [record, ...filesBelow(join(home, '.local')), ...filesBelow(cache)]
    expect(kept.length).toBeGreaterThanOrEqual(4)
    for (const file of kept) expectNoKey(readFileSync(file, 'utf8'))
  })

  test.each([
    [
      '401 as JSON',
      401,
      (key: string) => JSON.stringify({ error: { message: `Wrong key: ${key}`, code: key } }),
    ],
    ['500 as a page', 500, (key: string) => `<html>Authorization: Bearer ${key}</html>`],
    ['429 as JSON', 429, (key: string) => JSON.stringify({ error: `limit of ${key} reached`, type: key })],
    ['200 with an error in it', 200, (key: string) => JSON.stringify({ error: { message: key, code: 402 } })],
    ['a redirect', 307, (key: string) => key],
  ] as const)('when the server sends it back: %s', async (_title, status, body) => {
    const { url, seen } = await echo(status, body)
    await everyLine({ home: homeWith({ providers: allAt(url) }) })
    for (const provider of ['openrouter', 'hf-remote', 'mine']) {
      const one = await realOutcome(['hi', '-p', provider, '--json', '-v'], {
        home: homeWith({ providers: allAt(url) }),
      })
      expect(one.code).not.toBe(0)
      expectNoKey(`${one.out}${one.err}`)
    }
    // It was there to be printed.
    expect([...seen].toSorted()).toEqual(Object.values(KEYS).toSorted())
  })

  test('when nobody answers, and when keys stand where they do not belong', async () => {
    const swapped = {
      OPENROUTER_API_KEY: KEYS.huggingFace,
      HF_TOKEN: KEYS.openrouter,
      OLLAMA_API_KEY: KEYS.own,
    }
    await everyLine({ env: swapped, home: homeWith({ providers: allAt('http://127.0.0.1:9') }) })
  })

  test.each([
    { providers: { mine: KEYS.own } },
    { providers: { mine: { [KEYS.own]: true } } },
    { providers: { openrouter: { baseURL: KEYS.openrouter } } },
    { providers: { openrouter: { maxTokens: KEYS.openrouter } } },
    { providers: { 'hf-remote': { billTo: KEYS.openrouter.replaceAll('-', ' ') } } },
    { providers: { 'hf-remote': { hubURL: `https://${KEYS.own}:${KEYS.own}@huggingface.co` } } },
    { providers: { mine: { url: `https://x.example/?token=${KEYS.own}`, task: 'chat' } } },
    { providers: { mine: { preset: KEYS.own } } },
    { model: 'a', provider: 'ollama', timeout: KEYS.own },
  ])('when a configuration is wrong: %#', async (configuration) => {
    const home = homeWith(configuration)
    for (const more of [[], ['--json'], ['-v']]) {
      const env = { OPENROUTER_API_KEY: KEYS.openrouter, HF_TOKEN: KEYS.huggingFace }
      const result = await realOutcome(['hi', ...more], { home, env })
      expect(result.code).toBe(2)
      // The name of an option is no secret place; values are never shown.
      if (!JSON.stringify(configuration).includes(`"${KEYS.own}":`)) expectNoKey(`${result.out}${result.err}`)
    }
  })

  test('when it stands in a .env that holds more than keys', async () => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, '.env'), `OPENROUTER_API_KEY=${KEYS.openrouter}\nOPENMUX_TIMEOUT=${KEYS.own}\n`)
    const result = await realOutcome(['hi', '--json'], { cwd })
    expect(result.code).toBe(2)
    expectNoKey(`${result.out}${result.err}`)
  })
})
