import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What one contender took, per call. */
export interface Measured {
  readonly p50Us: number
  readonly p99Us: number
  /** Processor time of this process, µs a call. */
  readonly cpuUs: number
}

/** A thing to be measured: one call of it. One that gives a number has measured itself, in ms. */
export type Contender = () => Promise<unknown>

setFlagsFromString('--expose-gc')
/**
 * Collects young garbage now, so that nobody's is cleared away on the next one's time. Only that: a full collection
 * also throws compiled code away, and every turn would begin with compiling it again.
 */
const collectGarbage = runInNewContext("() => gc({ type: 'minor' })") as () => void

/** How much is measured. */
export interface HowMuch {
  /** Turns of every contender that count. */
  readonly rounds?: number
  readonly callsPerRound?: number
  /** How long every contender runs before anything counts, ms: what is measured is code that has been compiled. */
  readonly warmUpMs?: number
}

/** What came of one turn of one contender. */
interface Turn {
  /** Of every call, ms. */
  readonly times: readonly number[]
  /** µs a call. */
  readonly cpuUs: number
}

/**
 * Measures contenders against each other: in short turns, one after the other, many rounds, so that
 * whatever else the machine does hits all of them alike. The order turns with every round. Of every contender only
 * the quieter half of its turns counts: the rest tells more of the machine's other work than of the contender.
 */
export async function compare<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds = 30, callsPerRound = 100, warmUpMs = 1_000 }: HowMuch = {},
): Promise<Record<Name, Measured>> {
  const names = Object.keys(contenders) as Name[]
  const turns = new Map<Name, Turn[]>(names.map((name) => [name, []]))
  for (const name of names) {
    const until = performance.now() + warmUpMs
    while (performance.now() < until) await contenders[name]()
  }
  for (let round = 0; round < rounds; round += 1) {
    const first = round % names.length
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      collectGarbage()
      turns.get(name)?.push(await oneTurn(contenders[name], callsPerRound))
    }
  }
  return Object.fromEntries(names.map((name) => [name, summary(turns.get(name) ?? [])])) as Record<
    Name,
    Measured
  >
}

async function oneTurn(contender: Contender, calls: number): Promise<Turn> {
  const times: number[] = []
  const before = process.cpuUsage()
  for (let call = 0; call < calls; call += 1) {
    const start = performance.now()
    const told = await contender()
    times.push(typeof told === 'number' ? told : performance.now() - start)
  }
  const used = process.cpuUsage(before)
  return { times, cpuUs: (used.user + used.system) / calls }
}

function summary(turns: readonly Turn[]): Measured {
  const half = Math.ceil(turns.length / 2)
  const byTime = turns.toSorted((a, b) => quantile(a.times, 0.5) - quantile(b.times, 0.5)).slice(0, half)
  const times = byTime.flatMap((turn) => turn.times)
  const cpu = turns.map(({ cpuUs }) => cpuUs).toSorted((a, b) => a - b)
  return {
    p50Us: quantile(times, 0.5) * 1_000,
    p99Us: quantile(times, 0.99) * 1_000,
    cpuUs: quantile(cpu.slice(0, half), 0.5),
  }
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
}
