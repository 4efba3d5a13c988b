import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ChatResult,
  createOpenMux,
  type EmbeddingSpace,
  embeddingSpaceId,
  type EmbedResult,
  isOpenMuxError,
  type OpenMux,
  type OpenMuxError,
} from '@openmux/core'
import { hfLocal } from '@openmux/provider-hf-local'
import { ollama } from '@openmux/provider-ollama'
import { tinyModelsFolder } from '@openmux/testkit'
import { describe, expect, it } from 'vitest'
import { type OllamaServer, realOllama, startOllama } from '../real-parts/ollama-server.mjs'

// A real server that dies, comes back, hangs and loads, and a real model in this process behind it.

const CHAT = 'gemma3-270m-small'
const EMBED = 'all-minilm'
const TINY = 'openmux-test/tiny-chat'
/** Between two requests, ms. */
const PACE_MS = 100
/** Under way at a time: twice what is let in to a local server at once. */
const AT_A_TIME = 4
/** The promise: back on the favourite within this time of its return, ms. */
const BACK_WITHIN_MS = 30_000

const parts = await realOllama()
const isCi = !['', 'false', '0', undefined].includes(process.env['CI'])
if (!parts.available && isCi) throw new Error(`${parts.reason}. Run: ${parts.command}`)
const why = parts.available ? '' : ` (skipped: ${parts.reason}. Run: ${parts.command})`

interface Ended {
  readonly kind: 'plain' | 'streamed' | 'vectors'
  readonly at: number
  readonly tookMs: number
  readonly result?: ChatResult
  readonly vectors?: EmbedResult
  readonly seen: string
  readonly error?: OpenMuxError
}

describe.skipIf(!parts.available)(`with a real Ollama${why}`, { timeout: 150_000, retry: 1 }, () => {
  it('answers or honestly refuses 200 requests while it is killed, restarted, slowed and loading', async () => {
    let server = await startOllama()
    const crowd = new Crowd(server)
    try {
      const { openmux } = crowd
      const truth = await openmux.chat({ ...ASKED, provider: 'ollama' })
      const tinyTruth = await openmux.chat({ ...ASKED, provider: 'hf-local' })
      crowd.space = (await openmux.embed({ input: ['a'], model: `ollama/${EMBED}` })).space

      await crowd.send(30)
      await crowd.settled()
      expect(crowd.byOllama()).toBeGreaterThan(20)

      // Killed in the middle of answers.
      crowd.sendOne('streamed')
      crowd.sendOne('plain')
      await server.kill()
      await crowd.send(40)
      const whileDead = crowd.byOllama()
      server = await startOllama({ port: server.port })
      await crowd.untilBack(whileDead)

      // Hangs for a moment again and again, and once for longer than anybody waits.
      for (const frozenMs of [300, 600, 900, 6_000]) {
        process.kill(server.pid, 'SIGSTOP')
        const sent = crowd.send(Math.min(20, Math.ceil(frozenMs / PACE_MS)))
        await sleep(frozenMs)
        process.kill(server.pid, 'SIGCONT')
        await sent
      }
      await crowd.untilBack(crowd.byOllama())

      // Thrown out of memory: the next request loads it again, and nobody takes that for its death.
      await fetch(`${server.url}/api/generate`, {
        method: 'POST',
        body: JSON.stringify({ model: CHAT, keep_alive: 0 }),
      }).then((response) => response.text())
      await crowd.untilBack(crowd.byOllama())
      await crowd.send(Math.max(10, 200 - crowd.sent))
      await crowd.settled()

      expect(crowd.ended.length).toBe(crowd.sent)
      expect(crowd.sent).toBeGreaterThanOrEqual(200)
      for (const one of crowd.ended) judge(one, { ollama: truth, 'hf-local': tinyTruth }, crowd.space)
      // Nobody who asked for words went without them but for a stream that broke off in the middle.
      const wordless = crowd.ended.filter(({ kind, error }) => kind !== 'vectors' && error !== undefined)
      expect(wordless.filter(({ error }) => error?.code !== 'truncated')).toEqual([])
      expect(wordless.length).toBeLessThanOrEqual(10)
      expect(crowd.ended.some(({ result }) => result?.provider === 'hf-local')).toBe(true)
    } finally {
      await crowd.openmux.close()
      await server.kill()
    }
  })
})

const ASKED = { prompt: 'Once upon a time', maxTokens: 6, temperature: 0, seed: 1 } as const

/** Callers of all kinds, one every moment. */
class Crowd {
  readonly openmux: OpenMux
  readonly ended: Ended[] = []
  space: EmbeddingSpace | undefined
  sent = 0
  readonly #underWay = new Set<Promise<void>>()

  constructor(server: OllamaServer) {
    this.openmux = createOpenMux({
      providers: [
        ollama({ baseURL: server.url, environment: {} }),
        hfLocal({
          cacheFolder: tinyModelsFolder(),
          chatModel: TINY,
          offline: true,
          environment: {},
          threads: 1,
        }),
      ],
      prefer: [`ollama/${CHAT}`, `hf-local/${TINY}`],
      // For people who would rather have another answer than wait: loading does not count.
      timeouts: { firstTokenMs: 3_000, idleMs: 3_000, totalMs: 40_000 },
    })
  }

  byOllama(): number {
    return this.ended.filter(({ result }) => result?.provider === 'ollama').length
  }

  async send(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      while (this.#underWay.size >= AT_A_TIME) await Promise.race(this.#underWay)
      this.sendOne(this.sent % 7 === 6 ? 'vectors' : this.sent % 2 === 0 ? 'plain' : 'streamed')
      await sleep(PACE_MS)
    }
  }

  /** Goes on asking until Ollama has answered again, which must not take long. */
  async untilBack(before: number): Promise<void> {
    const returned = Date.now()
    while (this.byOllama() <= before) {
      if (Date.now() - returned > BACK_WITHIN_MS) throw new Error('The favourite is back and not asked.')
      await this.send(1)
    }
  }

  sendOne(kind: Ended['kind']): void {
    this.sent += 1
    const at = Date.now()
    const asking = this.#ask(kind).then((ended) => {
      this.#underWay.delete(asking)
      this.ended.push({ kind, at, tookMs: Date.now() - at, ...ended })
    })
    this.#underWay.add(asking)
  }

  async settled(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  async #ask(kind: Ended['kind']): Promise<Omit<Ended, 'kind' | 'at' | 'tookMs'>> {
    let seen = ''
    try {
      if (kind === 'plain') return { seen, result: await this.openmux.chat(ASKED) }
      if (kind === 'vectors') {
        const { space } = this
        const input = {
          input: ['a', 'b'],
          prefer: [`ollama/${EMBED}`],
          ...(space !== undefined && { space }),
        }
        return { seen, vectors: await this.openmux.embed(input) }
      }
      const stream = this.openmux.stream({ ...ASKED, onBreak: this.sent % 4 === 1 ? 'restart' : 'continue' })
      for await (const event of stream) {
        if (event.type === 'resumed' && event.discard) seen = ''
        if (event.type === 'text') seen += event.text
      }
      return { seen, result: await stream.result() }
    } catch (error) {
      if (!isOpenMuxError(error)) throw error
      return { seen, error }
    }
  }
}

/** What every caller may rely on. */
function judge(
  { kind, result, vectors, seen, error, tookMs }: Ended,
  truths: Readonly<Record<string, ChatResult>>,
  space: EmbeddingSpace | undefined,
): void {
  expect(tookMs).toBeLessThan(45_000)
  if (error !== undefined) {
    expect(error.hint).not.toBe('')
    expect(error.attempts?.length ?? 0).toBeLessThanOrEqual(4)
    if (kind === 'streamed') expect(error.partial?.text.trim() ?? '').toBe(seen.trim())
  }
  if (vectors !== undefined) expect(vectors.space).toEqual(space)
  if (vectors !== undefined && space !== undefined)
    expect(embeddingSpaceId(vectors.space)).toBe(embeddingSpaceId(space))
  if (result === undefined) return
  expect(result.attempts.length).toBeLessThanOrEqual(4)
  if (kind === 'streamed') expect(result.text).toBe(seen)
  // Both models always say the same: whoever answers alone says all of it.
  if (result.resumed === 0) expect(result.text).toBe(truths[result.provider]?.text)
}
