import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { createOpenMux } from '@openmux/core'
import { ollama } from '@openmux/provider-ollama'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { Pool } from 'undici'
import { type Contender, compare, type Measured } from '../measure.ts'
import { type Row, time } from '../row.ts'
import type { Upstream } from '../start-upstream.ts'

const PROMPT = 'Write one sentence about the sea.'
const PIECES = 60
type Name = 'undici.request' | 'fetch' | 'OpenMux' | 'openai' | 'ai'

/** Whole calls over HTTP on one loopback upstream: ours, the bare transport and the field's clients. */
export async function overHttp(upstream: Upstream): Promise<readonly Row[]> {
  const { url } = upstream
  const openmux = createOpenMux({ providers: [ollama({ baseURL: url })] })
  const pool = new Pool(url)
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' })
  const sdk = createOpenAICompatible({ name: 'bench', baseURL: `${url}/v1` })
  const headers = { 'content-type': 'application/json' }
  const messages = [{ role: 'user' as const, content: PROMPT }]
  const body = (model: string, stream: boolean): string => JSON.stringify({ model, messages, stream })

  const plain: Record<Name, Contender> = {
    'undici.request': async () =>
      (
        await pool.request({ path: '/api/chat', method: 'POST', headers, body: body('words-1', false) })
      ).body.json(),
    fetch: async () =>
      (await fetch(`${url}/api/chat`, { method: 'POST', headers, body: body('words-1', false) })).json(),
    OpenMux: () => openmux.chat({ prompt: PROMPT, model: 'ollama/words-1' }),
    openai: () => openai.chat.completions.create({ model: 'words-1', messages }),
    ai: () => generateText({ model: sdk('words-1'), messages }),
  }
  const sent = { method: 'POST', headers, body: body('words-60', true) } as const
  const streamed: Record<Name | 'fetch, bytes only', Contender> = {
    'undici.request': async () => words((await pool.request({ path: '/api/chat', ...sent })).body),
    'fetch, bytes only': async () => drain((await fetch(`${url}/api/chat`, sent)).body ?? []),
    fetch: async () => words((await fetch(`${url}/api/chat`, sent)).body ?? []),
    OpenMux: () => drain(openmux.stream({ prompt: PROMPT, model: 'ollama/words-60' })),
    openai: async () =>
      drain(await openai.chat.completions.create({ model: 'words-60', messages, stream: true })),
    ai: async () => drain(streamText({ model: sdk('words-60'), messages }).textStream),
  }
  const calls = await compare(plain, { rounds: 12, callsPerRound: 250 })
  const streams = await compare(streamed, { rounds: 12, callsPerRound: 150 })
  await openmux.close()
  await pool.close()
  return [...rows('plain call', calls), ...rows(`${PIECES}-chunk stream`, streams)]
}

function rows(what: string, measured: Record<Name, Measured>): readonly Row[] {
  const ours = measured.OpenMux
  const bare = measured.fetch
  const list = (read: (one: Measured) => number): string =>
    Object.entries(measured)
      .map(([name, one]) => `${name} ${time(read(one))}`)
      .join(', ')
  return [
    { what: `${what}, time p50`, measured: list(({ p50Us }) => p50Us) },
    { what: `${what}, CPU of the client`, measured: list(({ cpuUs }) => cpuUs) },
    ratio(`${what}: OpenMux / bare fetch, time`, ours.p50Us / bare.p50Us, 1),
    ratio(`${what}: OpenMux / bare fetch, CPU`, ours.cpuUs / bare.cpuUs, 1),
    ratio(`${what}: OpenMux / openai, CPU`, ours.cpuUs / measured.openai.cpuUs, 0.5),
    ratio(`${what}: OpenMux / ai, CPU`, ours.cpuUs / measured.ai.cpuUs, 0.5),
  ]
}

function ratio(what: string, value: number, atMost: number): Row {
  return { what, measured: `${value.toFixed(2)} ×`, target: `≤ ${atMost} ×`, met: value <= atMost }
}

/** The least code that gets the words out of a streamed answer. */
async function words(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let rest = ''
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) text += (JSON.parse(line) as { message: { content: string } }).message.content
  }
  return text
}

async function drain(chunks: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
  for await (const _chunk of chunks);
}
