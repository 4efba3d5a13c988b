import type { Clock } from '../../src/index.js'

// What the engine loads when it is first needed is loaded now: reading files takes real time, which this clock does not know.
await Promise.all([
  import('../../src/classify/classify-text.js'),
  import('../../src/classify/default-classifier.js'),
  import('../../src/classify/trained-classifier.js'),
  import('../../src/classify/classify-within.js'),
  import('../../src/orchestrator/embed.js'),
  import('../../src/orchestrator/explain.js'),
  import('../../src/orchestrator/forecast.js'),
  import('../../src/plan/languages.js'),
  import('../../src/orchestrator/fit-history.js'),
  import('../../src/orchestrator/listings.js'),
  import('../../src/run/all-failed.js'),
  import('../../src/run/hedge.js'),
  import('../../src/run/last-resort.js'),
  import('../../src/run/lift-preferred.js'),
  import('../../src/run/no-candidate.js'),
  import('../../src/run/rank.js'),
  import('../../src/run/repetition.js'),
])

/** A clock that only moves when told to, so that no test waits. */
export class ManualClock implements Clock {
  #now = 1_800_000_000_000
  #timers: { at: number; run: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** Timers that nobody has taken back. */
  get pending(): number {
    return this.#timers.length
  }

  /** Moves on, running what falls due in order and letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await settle()
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers = this.#timers.filter((other) => other !== due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
    }
    this.#now = end
    await settle()
  }

  /** Moves on to each timer as it comes until `work` settles. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    let settled = false
    const noted = work.finally(() => {
      settled = true
    })
    noted.catch(() => undefined)
    for (let step = 0; step < 10_000; step += 1) {
      await settle()
      if (settled) return noted
      const next = Math.min(...this.#timers.map(({ at }) => at))
      if (Number.isFinite(next)) await this.advance(Math.max(0, next - this.#now))
    }
    throw new Error('the work did not settle')
  }
}

/** Lets everything that can go on without time go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
