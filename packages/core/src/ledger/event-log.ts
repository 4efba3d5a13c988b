/** When how much was counted, in the order of time. A negative amount takes back what turned out not to count. */
export type EventLog = readonly (readonly [at: number, amount: number])[]

/** Most entries of one log. */
export const MOST_EVENTS = 256

/** The log with one more entry. Beyond the bound neighbours are put together at the later of their times: nothing counts shorter than it should. */
export function withEvent(log: EventLog, at: number, amount: number): EventLog {
  const last = log.at(-1)
  if (last === undefined || last[0] < at) return bounded([...log, [at, amount]])
  const place = log.findLastIndex(([time]) => time < at) + 1
  const [time, found] = log[place] ?? [at, 0]
  if (time !== at) return bounded(log.toSpliced(place, 0, [at, amount]))
  const sum = found + amount
  return sum === 0 ? log.toSpliced(place, 1) : log.with(place, [time, sum])
}

/** Everything that both logs counted. */
export function sumOfLogs(one: EventLog, other: EventLog): EventLog {
  const [few, many] = one.length < other.length ? [one, other] : [other, one]
  return few.reduce((log, [at, amount]) => withEvent(log, at, amount), many)
}

/** What was counted after `from`, up to and including `to`. */
export function countBetween(log: EventLog, from: number, to: number = Infinity): number {
  let sum = 0
  for (let index = log.length - 1; index >= 0; index -= 1) {
    const [at, amount] = log[index] ?? [0, 0]
    if (at <= from) break
    if (at <= to) sum += amount
  }
  return sum
}

/** The log without what lies at or before `from`. */
export function withoutBefore(log: EventLog, from: number): EventLog {
  const first = log[0]
  return first === undefined || first[0] > from ? log : log.filter(([at]) => at > from)
}

function bounded(log: EventLog): EventLog {
  if (log.length <= MOST_EVENTS) return log
  const halved: (readonly [number, number])[] = []
  for (let index = 0; index < log.length; index += 2) {
    const [, amount] = log[index] ?? [0, 0]
    const next = log[index + 1]
    halved.push(next === undefined ? [log[index]?.[0] ?? 0, amount] : [next[0], amount + next[1]])
  }
  return halved
}
