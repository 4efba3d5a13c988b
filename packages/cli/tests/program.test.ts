import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type HandlerServer, serveHandlers, tinyModelsFolder } from '@openmux/testkit'
import { ollamaDouble } from '@openmux/testkit/ollama'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from './support/eventually.js'
import { emptyFolder } from './support/run-in-process.js'
import { type Process, startProgram } from './support/real-process.js'

const double = ollamaDouble()
let server: HandlerServer
let env: Record<string, string>

beforeAll(async () => {
  server = await serveHandlers(double.handlers)
  env = { OLLAMA_HOST: server.host }
})
afterEach(() => {
  double.reset()
  server.reset()
})
afterAll(() => server.close())

/** The end of a run that needs nothing typed. */
async function ended(program: Process): Promise<{ code: number | null; out: string; err: string }> {
  program.endInput()
  const { code } = await program.done
  return { code, out: program.out(), err: program.err() }
}

/** A port that refuses connections. */
async function closedPort(): Promise<number> {
  const listener = createServer()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  await new Promise((resolve) => listener.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 1
}

test('answers from Ollama', async () => {
  double.everyChat({ pieces: ['The sea ', 'is wide.'] })
  const result = await ended(startProgram(['Write one sentence about the sea.'], env))
  expect(result).toEqual({ code: 0, out: 'The sea is wide.\n', err: '' })
})

test('the answer appears while it comes', async () => {
  double.everyChat({ pieces: ['first '], ending: 'stall' })
  const program = startProgram(['hi'], env)
  program.endInput()
  await eventually(() => program.out() === 'first ', program.err)
  program.kill('SIGINT')
  expect((await program.done).code).toBe(130)
  expect(program.out()).toBe('first \n')
})

test('an interrupt reaches the server: it stops generating', async () => {
  double.everyChat({ pieces: ['first '], ending: 'stall' })
  const program = startProgram(['hi'], env)
  program.endInput()
  await eventually(() => program.out() !== '', program.err)
  program.kill('SIGINT')
  await program.done
  await eventually(
    () => server.requests().some(({ abandoned }) => abandoned),
    () => JSON.stringify(server.requests()),
  )
})

test('a reader who has seen enough ends it quietly', async () => {
  double.everyChat({ pieces: Array.from({ length: 20_000 }, () => 'more and more and more\n') })
  const program = startProgram(['hi'], env)
  program.endInput()
  await eventually(() => program.out() !== '', program.err)
  program.closeOutput()
  expect(await program.done).toEqual({ code: 0, signal: null })
  expect(program.err()).toBe('')
})

test('JSON is one object, also for an error', async () => {
  const fine = await ended(startProgram(['--json', 'hi'], env))
  expect(JSON.parse(fine.out)).toMatchObject({ provider: 'ollama', finishReason: 'stop' })
  const wrong = await ended(startProgram(['--json', 'hi', '--provider', 'olama'], env))
  expect(wrong.code).toBe(2)
  expect(JSON.parse(wrong.out)).toMatchObject({
    error: { code: 'bad-request', hint: 'Did you mean ollama?' },
  })
})

test('a piped chat keeps going when the server dies between two turns', async () => {
  const own = await serveHandlers(double.handlers)
  const program = startProgram(['chat'], { OLLAMA_HOST: own.host })
  double.everyChat({ pieces: ['one'] })
  program.type('first\n')
  await eventually(() => program.out() === 'one\n', program.err)
  await own.close()
  program.type('second\n')
  await eventually(() => program.err().includes('error'), program.err)
  const again = await serveHandlers(double.handlers, { port: own.port })
  program.type('third\n')
  await eventually(() => program.out() === 'one\none\n', program.err, 15_000)
  expect(
    JSON.parse(again.requests().findLast(({ path }) => path === '/api/chat')?.body ?? '{}'),
  ).toMatchObject({
    messages: [
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'one' },
      { role: 'user', content: 'second\n\nthird' },
    ],
  })
  program.endInput()
  expect((await program.done).code).toBe(0)
  await again.close()
})

test('a chat goes on in this process when Ollama dies between two turns', async () => {
  const own = await serveHandlers(double.handlers)
  double.everyChat({ pieces: ['from the server'] })
  const config = join(emptyFolder(), 'config.json')
  writeFileSync(config, JSON.stringify({ providers: { 'hf-local': { modelFolders: [tinyModelsFolder()] } } }))
  const program = startProgram(['chat', '--max-tokens', '8', '--config', config], { OLLAMA_HOST: own.host })
  program.type('first\n')
  await eventually(() => program.out() === 'from the server\n', program.err)
  await own.close()
  program.type('second\n')
  program.endInput()
  await program.done
  expect(program.out()).toMatch(/^from the server\n.+\n$/s)
  expect(program.err()).toMatch(
    /ollama\/gemma3:4b: .*\(network\) → trying (hf-local\/)?openmux-test\/tiny-chat/,
  )
  expect(program.err()).not.toContain('error')
})

test('embeddings, models, providers and explain over the wire', async () => {
  const vectors = await ended(startProgram(['embed', 'a cat'], env))
  expect(JSON.parse(vectors.out)).toHaveLength(64)
  expect((await ended(startProgram(['models'], env))).out).toContain('ollama/llama3.2:1b')
  expect((await ended(startProgram(['providers'], env))).out).toMatch(/● ollama {2}ready/)
  expect((await ended(startProgram(['explain', 'hi'], env))).out).toContain('would be tried first')
})

describe('without anything that could answer', () => {
  test('--offline exits non-zero within a second, with three ways out', async () => {
    const host = `127.0.0.1:${await closedPort()}`
    const begun = performance.now()
    const result = await ended(
      startProgram(['--offline', 'Write one sentence about the sea.'], { OLLAMA_HOST: host }),
    )
    const took = performance.now() - begun
    expect(result).toMatchObject({ code: 3, out: '' })
    expect(result.err).toContain('Nothing can answer this request.')
    expect(result.err).toContain(host)
    expect(result.err.match(/^ {2}\d\. /gm)).toHaveLength(3)
    expect(took).toBeLessThan(1_000)
  })

  test('explain tells the same, with the same exit code', async () => {
    const host = `127.0.0.1:${await closedPort()}`
    const result = await ended(startProgram(['explain', '--offline', 'hi'], { OLLAMA_HOST: host }))
    expect(result.code).toBe(3)
    expect(result.out).toContain(`No Ollama answers at ${host}`)
    expect(result.out).toContain('hf-local')
  })
})

describe('OLLAMA_HOST', () => {
  test.each(['ftp://here', 'http://user:secret@here', 'here:port'])(
    '%s is refused by name',
    async (value) => {
      const result = await ended(startProgram(['hi'], { OLLAMA_HOST: value }))
      expect(result).toMatchObject({ code: 2, out: '' })
      expect(result.err).toContain('OLLAMA_HOST is not the address of an Ollama server')
      expect(result.err).not.toContain('secret')
    },
  )

  test.each(['http://127.0.0.1:', '0.0.0.0:', 'localhost:'])('%sPORT is understood', async (prefix) => {
    const result = await ended(startProgram(['hi'], { OLLAMA_HOST: `${prefix}${server.port}` }))
    expect(result).toMatchObject({ code: 0, err: '' })
  })

  test('a port that speaks something else is told as that', async () => {
    const other = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end('SSH-2.0-OpenSSH_9.2\r\n')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const result = await ended(startProgram(['--offline', 'hi'], { OLLAMA_HOST: `127.0.0.1:${port}` }))
    other.close()
    expect(result.code).toBe(3)
    expect(result.err).toMatch(/not Ollama/)
  })
})

test('a model that is not there is told with how to get it', async () => {
  const result = await ended(startProgram(['--model', 'ollama/llama9', 'hi'], env))
  expect(result.code).toBe(3)
  expect(result.err).toContain('(model-not-found)')
  expect(result.err).toMatch(/ollama pull|Did you mean/)
})

test('help and version need no world at all', async () => {
  const help = await ended(startProgram(['--help']))
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help.out).toContain('Usage: openmux')
  expect((await ended(startProgram(['chat', '--help']))).out).toContain('--system')
  expect((await ended(startProgram(['--version']))).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('help and version may be asked for by a word, and slips of them are no questions', async () => {
  const of = (...argv: readonly string[]) => ended(startProgram(argv))
  expect(await of('help')).toEqual(await of('--help'))
  expect(await of('help', 'chat')).toEqual(await of('chat', '--help'))
  expect(await of('version')).toEqual(await of('--version'))
  const slip = await of('helpp')
  expect(slip.code).toBe(2)
  expect(slip.err).toContain('Did you mean `openmux help`?')
})

test.skipIf(process.platform !== 'linux')('an output that is full is told, and is no success', async () => {
  double.everyChat({ pieces: ['The sea is wide.'] })
  const program = startProgram(['hi'], env, { stdoutTo: '/dev/full' })
  program.endInput()
  expect((await program.done).code).toBe(3)
  expect(program.err()).toContain('Standard output cannot be written (ENOSPC)')
})

test('without any standard input it still answers', async () => {
  const program = startProgram(['hi'], env, { noStdin: true })
  expect((await program.done).code).toBe(0)
})

test('a pipe that stays open is waited for, and that is told', async () => {
  const program = startProgram(['hi'], env)
  await eventually(() => program.err().includes('reading standard input'), program.err)
  program.kill('SIGINT')
  expect((await program.done).code).toBe(130)
})
