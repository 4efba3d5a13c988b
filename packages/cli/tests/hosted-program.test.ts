import { writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hostedWorld, KEYS, NOBODY } from './support/hosted-world.js'
import { type Process, startProgram } from './support/real-process.js'
import { emptyFolder } from './support/run-in-process.js'

async function ended(program: Process): Promise<{ code: number | null; out: string; err: string }> {
  program.endInput()
  const { code } = await program.done
  return { code, out: program.out(), err: program.err() }
}

function fileWith(providers: unknown): string {
  const file = join(emptyFolder(), 'config.json')
  writeFileSync(file, JSON.stringify({ providers }))
  return file
}

test('the published program finds every provider package', async () => {
  const listed = await ended(startProgram(['providers', '--json'], { OLLAMA_HOST: NOBODY }))
  const { providers, usable } = JSON.parse(listed.out) as {
    providers: readonly { id: string; state: string; lifecycle: { stage: string; since: string } }[]
    usable: readonly { id: string }[]
  }
  expect(providers.map(({ id, state }) => [id, state])).toEqual([
    ['ollama', 'not-ready'],
    ['openrouter', 'not-configured'],
    ['hf-local', 'not-ready'],
    ['hf-remote', 'not-configured'],
  ])
  for (const { lifecycle } of providers) expect(lifecycle.since).toMatch(/^\d{4}-\d\d-\d\d$/)
  expect(usable.map(({ id }) => id)).toEqual(['lm-studio', 'llama-cpp', 'vllm'])
})

test('answers by OpenRouter, by Hugging Face and by a server of one’s own', async () => {
  const { addresses } = await hostedWorld()
  const config = fileWith({
    openrouter: { ...addresses.openrouter, apiKey: KEYS.openrouter },
    'hf-remote': addresses['hf-remote'],
    mine: { ...addresses.mine, apiKeyVariable: 'MY_KEY' },
  })
  const env = { OLLAMA_HOST: NOBODY, HF_TOKEN: KEYS.huggingFace, MY_KEY: KEYS.own }
  for (const provider of ['openrouter', 'hf-remote', 'mine']) {
    const result = await ended(startProgram(['hi', '-p', provider, '--config', config], env))
    expect(result).toEqual({ code: 0, out: 'You said: hi\n', err: '' })
  }
})

test('goes elsewhere in the middle of trouble, and says so in one line', async () => {
  const { addresses, own } = await hostedWorld()
  own.everyChat('silence')
  const config = fileWith({
    mine: { ...addresses.mine, apiKey: KEYS.own, models: ['no-such-model'] },
    openrouter: { ...addresses.openrouter, apiKey: KEYS.openrouter },
  })
  const result = await ended(startProgram(['hi', '--config', config], { OLLAMA_HOST: NOBODY }))
  expect(result).toMatchObject({ code: 0, out: 'You said: hi\n' })
  expect(result.err).toMatch(/^mine\/no-such-model: .+\(model-not-found\) → trying openrouter\/\S+\n$/)
})

test('keys that are not set up delay nothing: no request leaves, and the answer of the first comes at once', async () => {
  const { addresses, servers } = await hostedWorld()
  const config = fileWith({ openrouter: addresses.openrouter, mine: { ...addresses.mine, apiKey: KEYS.own } })
  const result = await ended(startProgram(['hi', '--config', config], { OLLAMA_HOST: NOBODY }))
  expect(result.code).toBe(0)
  expect(servers.openrouter.requests()).toEqual([])
})

test('models shows what is known though one server is silent, and ends', { timeout: 20_000 }, async () => {
  const { addresses } = await hostedWorld()
  const silent = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const address = silent.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const config = fileWith({ mine: { ...addresses.mine, apiKey: KEYS.own } })
  const begun = performance.now()
  const result = await ended(
    startProgram(['models', '--config', config], { OLLAMA_HOST: `127.0.0.1:${port}` }),
  )
  // 1.5 s for the list; the rest is the start of a process on a busy machine.
  expect(performance.now() - begun).toBeLessThan(5_000)
  expect(result.code).toBe(0)
  expect(result.out).toContain('mine/double-chat')
  expect(result.err).toContain('ollama: Ollama did not list its models within 1.5 s.')
})

test('a pause before the next attempt does not end the program, though nothing else is under way', async () => {
  let chats = 0
  const server = createHttpServer((request, response) => {
    request.resume()
    const isChat = request.url?.endsWith('/chat/completions') === true
    if (isChat) chats += 1
    const refused = isChat && chats === 1
    response.writeHead(refused ? 429 : 200, {
      'content-type': 'application/json',
      connection: 'close',
      ...(refused && { 'retry-after': '1' }),
    })
    const answer = { model: 'one', choices: [{ message: { content: 'here' }, finish_reason: 'stop' }] }
    const body = isChat
      ? refused
        ? { error: { message: 'Slow down.' } }
        : answer
      : { data: [{ id: 'one' }] }
    response.end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const config = fileWith({ mine: { baseURL: `http://127.0.0.1:${port}/v1` } })
  const result = await ended(startProgram(['hi', '-p', 'mine', '--no-stream', '--config', config]))
  expect(result).toMatchObject({ code: 0, out: 'here\n' })
  expect(result.err).toContain('→ the same again after ')
  expect(chats).toBe(2)
})
