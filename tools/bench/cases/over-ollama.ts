import { createOpenMux } from '@openmux/core'
import { ollama } from '@openmux/provider-ollama'
import { drain, lines, words } from '../least-code.ts'
import { compare } from '../measure.ts'
import { type Row, ratio } from '../row.ts'
import type { Upstream } from '../start-upstream.ts'

/** The same in Ollama's own format, as `openmux` speaks to the server on this machine. */
export async function overOllama({ url }: Upstream): Promise<readonly Row[]> {
  const openmux = createOpenMux({ providers: [ollama({ baseURL: url })] })
  let asked = 0
  const ask = (): string => `Write sentence ${(asked += 1)} about the sea.`
  const post = (model: string, stream: boolean): Promise<Response> =>
    fetch(`${url}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: ask() }], stream }),
    })
  const calls = await compare(
    {
      fetch: async () => (await post('words-1', false)).json(),
      OpenMux: () => openmux.chat({ prompt: ask(), model: 'ollama/words-1' }),
    },
    { rounds: 12, callsPerRound: 200, warmUpMs: 10_000 },
  )
  const streams = await compare(
    {
      fetch: async () => words((await post('words-60', true)).body ?? [], lines),
      OpenMux: () => drain(openmux.stream({ prompt: ask(), model: 'ollama/words-60' })),
    },
    { rounds: 12, callsPerRound: 100, warmUpMs: 10_000 },
  )
  await openmux.close()
  return [
    ratio('Ollama, plain call: OpenMux / bare fetch, time', calls.OpenMux.p50Us / calls.fetch.p50Us, 1),
    ratio('Ollama, plain call: OpenMux / bare fetch, CPU', calls.OpenMux.cpuUs / calls.fetch.cpuUs, 1),
    ratio(
      'Ollama, 60-chunk stream: OpenMux / bare fetch, time',
      streams.OpenMux.p50Us / streams.fetch.p50Us,
      1,
    ),
    ratio(
      'Ollama, 60-chunk stream: OpenMux / bare fetch, CPU',
      streams.OpenMux.cpuUs / streams.fetch.cpuUs,
      1,
    ),
  ]
}
