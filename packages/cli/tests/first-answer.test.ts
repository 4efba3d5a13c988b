import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveHandlers, tinyChatModel, tinyModelsFolder } from '@openmux/testkit'
import { hubDouble } from '@openmux/testkit/hub'
import { describe, expect, onTestFinished, test } from 'vitest'
import { realOllama, startOllama } from '../../../tools/real-parts/ollama-server.mjs'
import { eventually } from './support/eventually.js'
import { type Process, startProgram } from './support/real-process.js'

const QUESTION = 'Write one sentence about the sea.'
/** A port on which nothing listens: 9 is the discard service, which nobody runs. */
const NOBODY = '127.0.0.1:9'

const ollama = await realOllama()
if (!ollama.available && process.env['CI'] !== undefined)
  throw new Error(`${ollama.reason} ${ollama.command}`)
const skipped = ollama.available ? '' : ` (skipped: ${ollama.reason} Run: ${ollama.command})`

// One more try, each on a server of its own: now and then the runner of Ollama 0.24 stops answering for good.
describe.skipIf(!ollama.available)(`with a real Ollama${skipped}`, { timeout: 90_000, retry: 1 }, () => {
  test('the first answer is streamed from it, and explain tells the same story', async () => {
    const server = await startOllama()
    onTestFinished(() => server.stop())
    const env = { OLLAMA_HOST: server.url }
    const program = startProgram(['-v', '--model', 'gemma3-270m', '--max-tokens', '60', QUESTION], env)
    program.endInput()
    const lengths = new Set<number>()
    await eventually(
      () => {
        if (program.out() !== '') lengths.add(program.out().length)
        return program.err().includes('— ollama/gemma3-270m')
      },
      program.err,
      60_000,
    )
    await program.done
    expect(program.out().trim()).not.toBe('')
    // It came in pieces, not at once.
    expect(lengths.size).toBeGreaterThan(2)
    const told = await ended(startProgram(['explain', QUESTION], env))
    expect(told.out).toMatch(/1\. ollama\/gemma3-270m\S* {2}would be tried first/)
  })

  test('killed between two turns of one chat, it costs no crash and no lost line: the local model goes on', async () => {
    const server = await startOllama()
    onTestFinished(() => server.stop())
    const cache = cacheWithModel()
    const program = startProgram(['chat', '--max-tokens', '8'], {
      OLLAMA_HOST: server.url,
      OPENMUX_CACHE: cache,
    })
    program.type('Say one word.\n')
    await eventually(() => program.out().endsWith('\n'), program.err, 60_000)
    const first = program.out()
    await server.kill()
    program.type('And another one, briefly.\n')
    await eventually(
      () => program.out().length > first.length && program.out().endsWith('\n'),
      program.err,
      60_000,
    )
    program.endInput()
    await program.done
    expect(program.out().slice(first.length)).toContain('This is a tiny model')
    expect(program.err()).toMatch(/ollama\/.*\(network\) → trying hf-local\//)
    expect(program.err()).not.toContain('error')
  })
})

describe('without Ollama', { timeout: 60_000 }, () => {
  test('a model in the cache answers in this process, and explain tells the same story', async () => {
    const env = { OLLAMA_HOST: NOBODY, OPENMUX_CACHE: cacheWithModel() }
    const answer = await ended(startProgram(['-v', '--max-tokens', '8', `${QUESTION} Do it briefly.`], env))
    expect(answer.out).toContain('This is a tiny model')
    expect(answer.err).toContain('hf-local/openmux-test/tiny-chat')
    const told = await ended(startProgram(['explain', QUESTION], env))
    expect(told.out).toMatch(/1\. hf-local\/openmux-test\/tiny-chat {2}would be tried first/)
    expect(told.out).toMatch(/ollama {2}not in question/)
  })

  test('and without a model, the default one is fetched once, its size told, where the hub can be reached', async () => {
    const folder = emptyFolder()
    cpSync(tinyChatModel().folder, join(folder, 'hub/HuggingFaceTB/SmolLM2-360M-Instruct'), {
      recursive: true,
    })
    const hub = await serveHandlers([...hubDouble({ models: join(folder, 'hub') }).handlers])
    onTestFinished(() => hub.close())
    const env = { OLLAMA_HOST: NOBODY, HF_ENDPOINT: hub.url, HF_HUB_OFFLINE: '', OPENMUX_CACHE: folder }
    const answer = await ended(startProgram(['-v', '--max-tokens', '9', 'Answer briefly.'], env))
    expect(answer.out).toBe('This is a tiny model for tests.\n')
    expect(answer.err).toMatch(/\b\d+(\.\d+)? [kM]B/)
    const fetched = hub.requests().length
    expect((await ended(startProgram(['--max-tokens', '9', 'Answer briefly.'], env))).out).toBe(answer.out)
    expect(
      hub
        .requests()
        .slice(fetched)
        .filter(({ path }) => path.includes('/resolve/')),
    ).toEqual([])
  })

  test('without a model and without a network there are three ways out, within a second', async () => {
    const env = { OLLAMA_HOST: NOBODY, HF_ENDPOINT: `http://${NOBODY}`, HF_HUB_OFFLINE: '' }
    for (const argv of [[QUESTION], ['--offline', QUESTION]]) {
      const started = performance.now()
      const answer = await ended(startProgram(argv, env))
      expect(answer.code).toBe(3)
      expect(answer.out).toBe('')
      expect(answer.err).toMatch(/1\. .*\n[\s\S]*2\. .*\n[\s\S]*3\. /)
      // The promise is one second; the machine of a test may be three times as slow.
      expect(performance.now() - started).toBeLessThan(3_000)
    }
  })
})

async function ended(program: Process): Promise<{ out: string; err: string; code: number | null }> {
  program.endInput()
  const { code } = await program.done
  return { out: program.out(), err: program.err(), code }
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'openmux-first-answer-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A cache folder as a download would have left it. */
function cacheWithModel(): string {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'models'))
  cpSync(tinyModelsFolder(), join(folder, 'models'), { recursive: true })
  return folder
}
