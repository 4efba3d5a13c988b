import { createOpenMux } from '@openmux/core'
import { stateSpaces } from '@openmux/core/embeddings'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type OllamaServer, realOllama, startOllama } from '../real-parts/ollama-server.mjs'
import { MINILM, MINILM_AT_OLLAMA, MODELS, startBackEnds } from './back-ends.ts'
import { BREAKS, chatModelOf } from './breaks.ts'

// The same failures with a real Ollama behind them: its own weights, its own vectors.

const parts = await realOllama()
const isCi = !['', 'false', '0', undefined].includes(process.env['CI'])
if (!parts.available && isCi) throw new Error(`${parts.reason}. Run: ${parts.command}`)
const why = parts.available ? '' : ` (skipped: ${parts.reason}. Run: ${parts.command})`

const ends = await startBackEnds()
afterEach(() => ends.reset())
afterAll(() => ends.close())

// One more try: now and then the runner of Ollama 0.24 stops answering on a busy machine.
describe.skipIf(!parts.available)(`with a real Ollama${why}`, { timeout: 60_000, retry: 1 }, () => {
  let server: OllamaServer
  beforeAll(async () => {
    server = await startOllama()
  }, 60_000)
  afterAll(() => server?.kill(), 60_000)

  // One of each kind: the doubles play them all.
  const kinds = BREAKS.filter(
    ({ code }, index) => BREAKS.findIndex((other) => other.code === code) === index && code !== 'network',
  )
  for (const one of kinds)
    describe(`seed: ${one.name}`, () => {
      it('chat and code go on there', async () => {
        const mux = createOpenMux({
          providers: [ends.remote(await one.arrange(ends)), ends.ollama(server.url)],
        })
        for (const task of ['chat', 'code'] as const) {
          const prefer = [`hf-remote/${chatModelOf(one)}`, 'ollama/gemma3-270m-small']
          const answer = await mux.chat({ task, prompt: 'Once upon a time', prefer, maxTokens: 8 })
          expect(answer).toMatchObject({ provider: 'ollama', model: 'gemma3-270m-small:latest' })
          expect(answer.text).not.toBe('')
        }
      })

      it('embeddings go on there in the stated space', async () => {
        const remote = ends.remote(await one.arrange(ends))
        const mux = createOpenMux({
          providers: [remote, ends.ollama(server.url)],
          spaces: stateSpaces(MINILM_AT_OLLAMA),
        })
        const prefer = [`hf-remote/${MODELS.remoteEmbed}`, `ollama/${MODELS.ollamaEmbed}`]
        const input = ['hello world', 'hi earth', 'a cat']
        const { provider, vectors, space } = await mux.embed({ input, space: MINILM, prefer })
        expect([provider, space]).toEqual(['ollama', MINILM])
        const [greeting = [], same = [], cat = []] = vectors
        // Real vectors mean something.
        expect(dot(greeting, same)).toBeGreaterThan(dot(greeting, cat) + 0.2)
      })
    })
})

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
}
