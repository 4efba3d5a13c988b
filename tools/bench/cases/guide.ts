import { measureSpeed, SPEED_MARKS } from '../../guide/examine/speed.ts'
import { type Row, time } from '../row.ts'

/** The guide that is built in, through the orchestrator and the provider: from nothing to its first word, and on. */
export async function guide(): Promise<readonly Row[]> {
  const { coldFirstTokenMs, firstTokenMs, tokensPerSecond } = await measureSpeed()
  const loadMs = coldFirstTokenMs - firstTokenMs
  return [
    within('guide, loading: worker, runtime and weights', loadMs, SPEED_MARKS.loadMs),
    within('guide, first token when loaded, p50', firstTokenMs, SPEED_MARKS.firstTokenMs),
    {
      what: 'guide, tokens a second, p50',
      measured: tokensPerSecond.toFixed(0),
      target: `≥ ${SPEED_MARKS.tokensPerSecond}`,
      met: tokensPerSecond >= SPEED_MARKS.tokensPerSecond,
    },
  ]
}

function within(what: string, ms: number, atMost: number): Row {
  return { what, measured: time(ms * 1_000), target: `≤ ${atMost} ms`, met: ms <= atMost }
}
