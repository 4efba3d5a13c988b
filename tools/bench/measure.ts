import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What one contender took, per call. */
export interface Measured {
  readonly p50Us: number
  readonly p99Us: number
  /** Processor time of this process, µs a call; the median of the turns. */
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

/**
 * Measures contenders against each other: in short turns, one after the other, many rounds, so that
 * whatever else the machine does hits all of them alike. The order turns with every round.
 */
export async function compare<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds = 30, callsPerRound = 100, warmUpMs = 1_000 }: HowMuch = {},
): Promise<Record<Name, Measured>> {
  const names = Object.keys(contenders) as Name[]
  const times = new Map<Name, number[]>(names.map((name) => [name, []]))
  /** CPU of every turn, µs a call. */
  const cpu = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (const name of names) {
    const until = performance.now() + warmUpMs
    while (performance.now() < until) await contenders[name]()
  }
  for (let round = 0; round < rounds; round += 1) {
    const turn = round % names.length
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      collectGarbage()
      const before = process.cpuUsage()
      for (let call = 0; call < callsPerRound; call += 1) {
        const start = performance.now()
        const told = await contenders[name]()
        times.get(name)?.push(typeof told === 'number' ? told : performance.now() - start)
      }
      const used = process.cpuUsage(before)
      cpu.get(name)?.push((used.user + used.system) / callsPerRound)
    }
  }
  const measured = names.map((name) => [
    name,
    {
      p50Us: quantile(times.get(name) ?? [], 0.5) * 1_000,
      p99Us: quantile(times.get(name) ?? [], 0.99) * 1_000,
      cpuUs: quantile(cpu.get(name) ?? [], 0.5),
    },
  ])
  return Object.fromEntries(measured) as Record<Name, Measured>
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
}
