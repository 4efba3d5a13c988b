import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelCard } from '@openmux/core'
import { failWith, scriptedProvider, tinyModelsFolder, withFaults } from '@openmux/testkit'
import { describe, expect, test } from 'vitest'
import { eventually } from './support/eventually.js'
import { type Process, startProgram } from './support/real-process.js'
import { emptyFolder, outcome } from './support/run-in-process.js'

/** The word ends the answer of a test model; a real one it hurts as little as anybody. */
const QUESTION = 'How do I use my Ollama with this? Answer briefly.'
/** Ports on which nothing listens, and no key: as on a train. */
const TRAIN = {
  OPENMUX_NO_NANO: '',
  OLLAMA_HOST: '127.0.0.1:9',
  HF_ENDPOINT: 'http://127.0.0.1:9',
  HF_HUB_OFFLINE: '',
}
const LABEL =
  '— answered by the built-in guide to OpenMux (hf-local/openmux/nano), not by a real model; `openmux providers` says what is missing'

async function ended(program: Process): Promise<{ out: string; err: string; code: number | null }> {
  program.endInput()
  const { code } = await program.done
  return { out: program.out(), err: program.err(), code }
}

describe('without network, key and Ollama', { timeout: 60_000 }, () => {
  test('the guide answers, streamed, within seconds, and one line says what it is', async () => {
    const started = performance.now()
    const program = startProgram([QUESTION], TRAIN)
    program.endInput()
    const lengths = new Set<number>()
    await eventually(
      () => {
        if (program.out() !== '') lengths.add(program.out().length)
        return program.err().includes('answered by')
      },
      program.err,
      30_000,
    )
    expect((await program.done).code).toBe(0)
    // The promise is a few seconds; the machine of a test may be several times as slow.
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(lengths.size).toBeGreaterThan(1)
    expect(program.out().trim()).not.toBe('')
    expect(program.err()).toBe(`${LABEL}\n`)
  })

  test.each([[['--offline']], [['--local']], [['--free']], [['--policy', 'private']]])(
    'also with %j',
    async (argv) => {
      const { code, err } = await ended(startProgram([...argv, QUESTION], TRAIN))
      expect([code, err]).toEqual([0, `${LABEL}\n`])
    },
  )

  test('programs are told by a field, and explain tells the same story beforehand', async () => {
    const { code, out } = await ended(startProgram(['--json', QUESTION], TRAIN))
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      provider: 'hf-local',
      model: 'openmux/nano',
      lastResort: 'the built-in guide to OpenMux',
      decision: { candidates: expect.arrayContaining([expect.objectContaining({ lastResort: true })]) },
    })
    const told = await ended(startProgram(['explain', QUESTION], TRAIN))
    expect(told.code).toBe(0)
    expect(told.out).toMatch(/1\. hf-local\/openmux\/nano {2}would be tried, as nobody else can answer/)
  })

  test.each([
    [['--no-nano'], {}],
    [[], { OPENMUX_NO_NANO: '1' }],
    [['--task', 'code'], {}],
    [['--provider', 'ollama'], {}],
    [['--model', 'gpt-7'], {}],
  ])('no guide with %j and %j, but the ways out', async (argv, env) => {
    const { code, out, err } = await ended(startProgram([...argv, QUESTION], { ...TRAIN, ...env }))
    expect([code, out]).toEqual([3, ''])
    expect(err).not.toContain('the built-in guide to OpenMux (')
    expect(err).toMatch(/→|Ways out/)
  })

  test('no guide where the configuration wants none; the command line cannot be misled about it', async () => {
    const config = join(emptyFolder(), 'openmux.config.json')
    writeFileSync(config, JSON.stringify({ nano: false }))
    const { code, err } = await ended(startProgram(['--config', config, QUESTION], TRAIN))
    expect(code).toBe(3)
    expect(err).toMatch(/1\. .*\n[\s\S]*2\. .*\n[\s\S]*3\. /)
    expect((await ended(startProgram(['models', '--no-nano'], TRAIN))).code).toBe(2)
    const wrong = await ended(startProgram([QUESTION], { ...TRAIN, OPENMUX_NO_NANO: 'perhaps' }))
    expect([wrong.code, wrong.err.includes('OPENMUX_NO_NANO')]).toEqual([2, true])
  })

  test('the lists are honest: it is no reason to call a provider ready', async () => {
    const listed = await ended(startProgram(['providers', '--json'], TRAIN))
    const { providers } = JSON.parse(listed.out) as { providers: { id: string; state: string }[] }
    expect(providers.find(({ id }) => id === 'hf-local')?.state).toBe('last-resort')
    expect(listed.code).toBe(3)
    const shown = await ended(startProgram(['providers'], TRAIN))
    expect(shown.out).toContain('hf-local  only a last resort')
    expect(shown.out).toContain('Connect to the internet once')
    const models = await ended(startProgram(['models', '--offline'], TRAIN))
    expect(models.out).toMatch(/hf-local\/openmux\/nano .*last resort/)
  })

  test('a model in the cache answers, and the guide is silent', async () => {
    const cache = emptyFolder()
    mkdirSync(join(cache, 'models'))
    cpSync(tinyModelsFolder(), join(cache, 'models'), { recursive: true })
    const env = { ...TRAIN, OPENMUX_CACHE: cache }
    const { code, out, err } = await ended(startProgram([QUESTION], env))
    expect([code, out, err]).toEqual([0, 'This is a tiny model for tests.\n', ''])
    const told = await ended(startProgram(['explain', QUESTION], env))
    expect(told.out).toMatch(/3\. hf-local\/openmux\/nano {2}would be tried if nobody else can answer/)
  })
})

describe('a last resort of any provider', () => {
  const card = (id: string, more: Partial<ModelCard> = {}): ModelCard => ({
    id,
    tasks: ['chat', 'code'],
    state: 'loaded',
    free: true,
    ...more,
  })
  const last = () =>
    scriptedProvider({ id: 'helper', models: [card('tiny', { lastResort: 'a helper' })], chats: [['Help.']] })
  const broken = () =>
    withFaults(
      scriptedProvider({ id: 'real', models: [card('big')], chats: [['Hello.']] }),
      failWith({ code: 'auth', message: 'The key is wrong.' }),
    )

  test('is told in one line after the failures, and not among the words of the answer', async () => {
    const { code, out, err } = await outcome(['hi'], { providers: [last(), broken()] })
    expect([code, out]).toEqual([0, 'Help.\n'])
    const [failure, label, ...rest] = err.trimEnd().split('\n')
    expect(failure).toContain('real/big: The key is wrong (auth) → trying helper/tiny')
    expect(label).toContain('— answered by a helper (helper/tiny), not by a real model')
    expect(rest).toEqual([])
  })

  test('is told at a terminal too, in place of the closing line', async () => {
    const { err } = await outcome(['hi'], { providers: [last()], stderrTerminal: true, stdoutTerminal: true })
    expect(err.match(/answered by a helper/g)).toHaveLength(1)
    expect(err).not.toMatch(/— helper\/tiny/)
  })

  test('is told after each of its turns in a chat', async () => {
    const { out, err } = await outcome(['chat'], { providers: [last()], stdin: 'One.\nTwo.\n' })
    expect(out.match(/Help\./g)).toHaveLength(2)
    expect(err.match(/answered by a helper/g)).toHaveLength(2)
  })

  test('is told of several models as well, where it is all there is', async () => {
    const { out, err } = await outcome(['--combine', 'first', 'hi'], { providers: [last()] })
    expect(out).toBe('Help.\n')
    expect(err).toContain('— answered by a helper (helper/tiny), not by a real model')
  })

  test('that cannot answer either is told after the reasons of the others, with the ways out', async () => {
    const absent = scriptedProvider({
      id: 'server',
      models: [card('big')],
      readiness: { ready: false, reason: 'Nothing listens.', remedies: ['Start the server.'] },
    })
    const spoilt = withFaults(
      last(),
      failWith({ code: 'needs-setup', message: 'Its weights are damaged.', scope: 'model' }),
    )
    const { code, err } = await outcome(['hi'], { providers: [spoilt, absent] })
    expect(code).toBe(3)
    expect(err).toContain('error Nothing can answer this request.')
    expect(err).toContain('server: Nothing listens')
    expect(err).toContain('helper/tiny: Its weights are damaged.\n')
    expect(err).toContain('1. server: Start the server.')
    const refused = await outcome(['hi', '--task', 'code'], { providers: [last(), absent] })
    expect(refused.err).toContain('server: Nothing listens')
    expect(refused.err).not.toContain('helper')
  })

  test('is out with --no-nano, whoever brings it', async () => {
    const { code, out } = await outcome(['hi', '--no-nano'], { providers: [last()] })
    expect([code, out]).toEqual([3, ''])
  })
})
