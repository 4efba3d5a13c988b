import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { createOpenMux } from '@openmux/core'
import { openaiCompatible } from '@openmux/openai-compatible'
import { generateText, streamText } from 'ai'
import { createFallback } from 'ai-fallback'
import { createRetryableModel } from 'ai-retry/language-model'
import OpenAI from 'openai'
import { Pool } from 'undici'
import { drain, events, firstText, words } from '../least-code.ts'
import { type Contender, compare, type Measured } from '../measure.ts'
import { type Row, ratio, time } from '../row.ts'
import type { Upstream } from '../start-upstream.ts'

const PIECES = 60
/**
 * Five of seven contenders run on the built-in `fetch`, and so it is warmed up five times. Everybody else has to be
 * compiled by then, too: the compiler works beside the program, and its time counts as the contender's.
 */
const WARM_UP_MS = 10_000
const MODELS = ['words-1', `words-${PIECES}`, `paced-${PIECES}`]

type Name = 'undici.request' | 'fetch' | 'OpenMux' | 'openai' | 'ai' | 'ai-retry' | 'ai-fallback'

/** Whole calls over HTTP on one loopback upstream: ours, the bare transport and the field's clients. */
export async function overHttp({ url }: Upstream): Promise<readonly Row[]> {
  const baseURL = `${url}/v1`
  const openmux = createOpenMux({
    providers: [
      openaiCompatible({
        id: 'bench',
        baseURL,
        environment: {},
        locality: 'remote',
        models: MODELS.map((id) => ({ id, tasks: ['chat'] as const, free: true })),
      }),
    ],
  })
  const pool = new Pool(url)
  const openai = new OpenAI({ baseURL, apiKey: 'none' })
  const sdk = createOpenAICompatible({ name: 'bench', baseURL, includeUsage: true })
  const headers = { 'content-type': 'application/json' }
  const path = '/v1/chat/completions'
  let asked = 0
  // Never the same words twice: nobody may know the answer already.
  const ask = (): string => `Write sentence ${(asked += 1)} about the sea.`
  const messages = () => [{ role: 'user' as const, content: ask() }]
  const sent = (model: string, stream: boolean) => ({
    method: 'POST' as const,
    headers,
    body: JSON.stringify({
      model,
      messages: messages(),
      stream,
      ...(stream && { stream_options: { include_usage: true } }),
    }),
  })
  const retryable = (id: string) => createRetryableModel({ model: sdk(id), retries: [sdk('words-1')] })
  const fallback = (id: string) => createFallback({ models: [sdk(id), sdk('words-1')] })

  const generate = (model: Parameters<typeof generateText>[0]['model']): Contender => {
    return () => generateText({ model, messages: messages() })
  }
  const plain: Record<Name, Contender> = {
    'undici.request': async () => (await pool.request({ path, ...sent('words-1', false) })).body.json(),
    fetch: async () => (await fetch(url + path, sent('words-1', false))).json(),
    OpenMux: () => openmux.chat({ prompt: ask(), model: 'bench/words-1' }),
    openai: () => openai.chat.completions.create({ model: 'words-1', messages: messages() }),
    ai: generate(sdk('words-1')),
    'ai-retry': generate(retryable('words-1')),
    'ai-fallback': generate(fallback('words-1')),
  }
  const streaming = (id: string): Record<Name, Contender> => {
    const text = (model: Parameters<typeof streamText>[0]['model']): Contender => {
      return () => drain(streamText({ model, messages: messages() }).textStream)
    }
    return {
      'undici.request': async () => words((await pool.request({ path, ...sent(id, true) })).body, events),
      fetch: async () => words((await fetch(url + path, sent(id, true))).body ?? [], events),
      OpenMux: () => drain(openmux.stream({ prompt: ask(), model: `bench/${id}` })),
      openai: async () =>
        drain(
          await openai.chat.completions.create({
            model: id,
            messages: messages(),
            stream: true,
            stream_options: { include_usage: true },
          }),
        ),
      ai: text(sdk(id)),
      'ai-retry': text(retryable(id)),
      'ai-fallback': text(fallback(id)),
    }
  }
  const id = `words-${PIECES}`
  const first = {
    fetch: () => firstText(async () => (await fetch(url + path, sent(id, true))).body ?? [], events),
    OpenMux: async () => {
      const start = performance.now()
      let firstMs: number | undefined
      for await (const event of openmux.stream({ prompt: ask(), model: `bench/${id}` }))
        if (event.type === 'text') firstMs ??= performance.now() - start
      return firstMs
    },
  }
  const { fetch: bare, OpenMux: ours } = streaming(`paced-${PIECES}`)
  const calls = await compare(plain, { rounds: 14, callsPerRound: 150, warmUpMs: WARM_UP_MS })
  const streams = await compare(streaming(id), { rounds: 14, callsPerRound: 40, warmUpMs: WARM_UP_MS })
  const paced = await compare({ fetch: bare, OpenMux: ours }, { rounds: 4, callsPerRound: 15 })
  const firsts = await compare(first, { rounds: 10, callsPerRound: 100 })
  await openmux.close()
  await pool.close()
  const added = firsts.OpenMux.p50Us - firsts.fetch.p50Us
  return [
    ...rows('plain call', calls),
    ...rows(`${PIECES}-chunk stream`, streams),
    {
      what: `${PIECES}-chunk stream, each chunk in a network read of its own: OpenMux / bare fetch, CPU`,
      measured: `${(paced.OpenMux.cpuUs / paced.fetch.cpuUs).toFixed(2)} × (${time(paced.OpenMux.cpuUs)}, ${time(paced.fetch.cpuUs)})`,
    },
    {
      what: 'first token, added to bare fetch, p50',
      measured: time(added),
      target: '≤ 1 ms',
      met: added <= 1_000,
    },
  ]
}

function rows(what: string, measured: Record<Name, Measured>): readonly Row[] {
  const ours = measured.OpenMux
  const list = (read: (one: Measured) => number): string =>
    Object.entries(measured)
      .map(([name, one]) => `${name} ${time(read(one))}`)
      .join(', ')
  const against = (name: Name, most: number): readonly Row[] => [
    ratio(
      `${what}: OpenMux / ${name === 'fetch' ? 'bare fetch' : name}, time`,
      ours.p50Us / measured[name].p50Us,
      most,
    ),
    ratio(
      `${what}: OpenMux / ${name === 'fetch' ? 'bare fetch' : name}, CPU`,
      ours.cpuUs / measured[name].cpuUs,
      most,
    ),
  ]
  return [
    { what: `${what}, time p50`, measured: list(({ p50Us }) => p50Us) },
    { what: `${what}, CPU of the client`, measured: list(({ cpuUs }) => cpuUs) },
    ...against('fetch', 1),
    ...against('openai', 0.5),
    ...against('ai', 0.5),
    ...against('ai-retry', 0.5),
    ...against('ai-fallback', 0.5),
  ]
}
