import type { Clock } from '@openmux/core'

interface Timer {
  readonly at: number
  readonly order: number
  run: (() => void) | undefined
}

/** A clock whose time passes only when nothing can happen without it: hours of waiting cost no time, and nothing is left to chance. */
export class VirtualClock implements Clock {
  #now = Date.UTC(2026, 10, 23)
  #order = 0
  #pending = 0
  /** A binary heap, the earliest first. */
  readonly #heap: Timer[] = []

  now(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), order: (this.#order += 1), run }
    this.#pending += 1
    push(this.#heap, timer)
    return () => {
      if (timer.run === undefined) return
      timer.run = undefined
      this.#pending -= 1
    }
  }

  /** Timers that nobody has taken back. */
  get pending(): number {
    return this.#pending
  }

  /** Lets time pass until `over` says so. Throws when nothing is left that could happen. */
  async runUntil(over: () => boolean): Promise<void> {
    let idle = 0
    for (;;) {
      await quiet()
      if (over()) return
      const timer = this.#next()
      if (timer !== undefined) {
        idle = 0
        this.#now = Math.max(this.#now, timer.at)
        timer.run?.()
      } else if ((idle += 1) > 20) {
        throw new Error('Nothing is left that could happen, and not all requests have settled.')
      }
    }
  }

  /** Lets at most so much time pass until no timer is left. Gives those that are. */
  async drain(mostMs: number): Promise<number> {
    const end = this.#now + mostMs
    for (;;) {
      await quiet()
      const timer = this.#next()
      if (timer === undefined) return 0
      if (timer.at > end) return this.#pending + 1
      this.#now = Math.max(this.#now, timer.at)
      timer.run?.()
    }
  }

  #next(): (Timer & { run: () => void }) | undefined {
    for (;;) {
      const timer = pop(this.#heap)
      if (timer === undefined) return undefined
      const { run } = timer
      if (run === undefined) continue
      timer.run = undefined
      this.#pending -= 1
      return { ...timer, run }
    }
  }
}

/** All promises that can go on without time have done so. */
async function quiet(): Promise<void> {
  do {
    await new Promise((resolve) => setImmediate(resolve))
    // The engine loads some of its parts when they are first needed; that takes real time, but none of the story's.
  } while (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq')))
}

function isBefore(one: Timer | undefined, other: Timer | undefined): boolean {
  if (one === undefined || other === undefined) return false
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(heap[at], heap[parent])) return
    swap(heap, at, parent)
    at = parent
  }
}

function pop(heap: Timer[]): Timer | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || first === last) return first
  heap[0] = last
  for (let at = 0; ;) {
    const left = 2 * at + 1
    let least = isBefore(heap[left], heap[at]) ? left : at
    if (isBefore(heap[left + 1], heap[least])) least = left + 1
    if (least === at) return first
    swap(heap, at, least)
    at = least
  }
}

function swap(heap: Timer[], one: number, other: number): void {
  const [a, b] = [heap[one], heap[other]]
  if (a === undefined || b === undefined) return
  heap[one] = b
  heap[other] = a
}
