import { createServer } from 'node:net'
import { type ModelCard, OpenMuxError } from '@openmux/core'
import { manualClock, scriptedProvider } from '@openmux/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listedWithin } from '../src/commands/listed-within.js'
import { realOutcome } from './support/hosted-world.js'
import { outcome } from './support/run-in-process.js'

const never = (id: string) => ({
  ...scriptedProvider({ id }),
  models: () => new Promise<readonly ModelCard[]>(() => undefined),
})

/** Takes connections and says nothing. */
async function silentServer(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

test('a list that takes too long is given up, its provider named, and its call ended', async () => {
  const clock = manualClock()
  let ended = false
  const slow = listedWithin(
    {
      ...scriptedProvider({ id: 'slow' }),
      models: ({ signal }) =>
        new Promise(() => signal.addEventListener('abort', () => (ended = true), { once: true })),
    },
    1_500,
  )
  const asked = slow.models({ signal: new AbortController().signal, clock }).catch((error: unknown) => error)
  await clock.advance(1_500)
  expect(await asked).toMatchObject({
    code: 'timeout',
    provider: 'slow',
    message: expect.stringContaining('did not list its models within 1.5 s'),
  })
  expect(ended).toBe(true)
})

test('a list in time, and its failure, come as they are; no timer is left', async () => {
  const clock = manualClock()
  const context = { signal: new AbortController().signal, clock }
  const fine = scriptedProvider({ id: 'fine' })
  expect(await listedWithin(fine, 10).models(context)).toEqual(await fine.models(context))
  const failure = new OpenMuxError({ code: 'network', message: 'Nobody.' })
  const broken = { ...fine, models: () => Promise.reject(failure) }
  await expect(listedWithin(broken, 10).models(context)).rejects.toBe(failure)
  expect(clock.pending()).toBe(0)
})

describe('openmux models', () => {
  test('shows what is known in a short time, and who was too slow', async () => {
    const begun = performance.now()
    const result = await outcome(['models'], {
      providers: [never('silent'), scriptedProvider({ id: 'here' })],
    })
    expect(performance.now() - begun).toBeLessThan(3_500)
    expect(result.code).toBe(0)
    expect(result.out).toContain('here/scripted-chat')
    expect(result.err).toMatch(
      /^silent: .+ did not list its models within 1\.5 s\.\n {2}→ Give it more time/m,
    )
  })

  test('asks only the one that is named', async () => {
    const result = await outcome(['models', '-p', 'here'], {
      providers: [never('silent'), scriptedProvider({ id: 'here' })],
    })
    expect(result).toMatchObject({ code: 0, err: '' })
  })

  test('keeps to a time that is given', async () => {
    const begun = performance.now()
    const result = await outcome(['models', '--timeout', '0.4'], {
      providers: [never('silent'), scriptedProvider({ id: 'here' })],
    })
    expect(performance.now() - begun).toBeLessThan(1_400)
    expect(result.out).toContain('here/scripted-chat')
    expect(result.err).toContain('within 200 ms')
  })

  test.each([[[]], [['--offline']]])('against a silent server, with %j', async (flags) => {
    const begun = performance.now()
    const result = await realOutcome(['models', ...flags], { env: { OLLAMA_HOST: await silentServer() } })
    expect(performance.now() - begun).toBeLessThan(3_500)
    expect(result.err).toContain('Ollama did not list its models within 1.5 s')
  })
})
