import { once } from 'node:events'
import { createOpenMux } from '@openmux/core'
import { ollama } from '@openmux/provider-ollama'
import type { Row } from '../row.ts'
import type { Upstream } from '../start-upstream.ts'

const TRIES = 20

/** How long the upstream goes on after the caller has left. */
export async function abort(upstream: Upstream): Promise<readonly Row[]> {
  const took: number[] = []
  for (let tryNumber = 0; tryNumber < TRIES; tryNumber += 1) {
    const openmux = createOpenMux({ providers: [ollama({ baseURL: upstream.url })] })
    const closed = once(upstream.process, 'message') as Promise<[{ closedAt: number }]>
    let leftAt = 0
    for await (const event of openmux.stream({ prompt: 'Hi', model: 'ollama/stall-1' })) {
      if (event.type !== 'text') continue
      leftAt = Date.now()
      break
    }
    const [{ closedAt }] = await closed
    took.push(closedAt - leftAt)
    await openmux.close()
  }
  const worst = Math.max(...took)
  return [
    {
      what: `abort: upstream closed after the caller left, worst of ${TRIES}`,
      measured: `${worst} ms`,
      target: '≤ 50 ms',
      met: worst <= 50,
    },
  ]
}
