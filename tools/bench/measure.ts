import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What one contender took, per call. */
export interface Measured {
  readonly p50Us: number
  readonly p99Us: number
  /** Processor time of this process, µs a call. */
  readonly cpuUs: number
}

/** A thing to be measured: one call of it. */
export type Contender = () => Promise<unknown>

setFlagsFromString('--expose-gc')
/** Collects garbage now, so that nobody's is cleared away on the next one's time. */
const collectGarbage = runInNewContext('gc') as () => void

/**
 * Measures contenders against each other: in short turns, one after the other, many rounds, so that
 * whatever else the machine does hits all of them alike. The order turns with every round.
 */
export async function compare<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds = 30, callsPerRound = 100 }: { rounds?: number; callsPerRound?: number } = {},
): Promise<Record<Name, Measured>> {
  const names = Object.keys(contenders) as Name[]
  const times = new Map<Name, number[]>(names.map((name) => [name, []]))
  const cpu = new Map<Name, number>(names.map((name) => [name, 0]))
  // Round -1 and -2 warm up and are not counted.
  for (let round = -2; round < rounds; round += 1) {
    const turn = Math.max(0, round) % names.length
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      collectGarbage()
      const before = process.cpuUsage()
      for (let call = 0; call < callsPerRound; call += 1) {
        const start = performance.now()
        await contenders[name]()
        if (round >= 0) times.get(name)?.push(performance.now() - start)
      }
      const used = process.cpuUsage(before)
      if (round >= 0) cpu.set(name, (cpu.get(name) ?? 0) + used.user + used.system)
    }
  }
  const measured = names.map((name) => {
    const sorted = (times.get(name) ?? []).sort((a, b) => a - b)
    const at = (share: number): number => (sorted[Math.floor(sorted.length * share)] ?? 0) * 1_000
    return [
      name,
      { p50Us: at(0.5), p99Us: at(0.99), cpuUs: (cpu.get(name) ?? 0) / (rounds * callsPerRound) },
    ] as const
  })
  return Object.fromEntries(measured) as Record<Name, Measured>
}
