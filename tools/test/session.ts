import { type Outcome, sum } from './outcome.ts'

const NOTHING: Outcome = { passed: 0, failures: [], skips: [] }

/** A run of steps, each announced, timed and counted; a failed one does not keep others from running. */
export class Session {
  readonly #outcomes: Outcome[] = []

  async step(name: string, run: () => Promise<Outcome | undefined>): Promise<Outcome> {
    console.log(`\n── ${name}`)
    const started = performance.now()
    const outcome = (await run()) ?? NOTHING
    this.#outcomes.push(outcome)
    console.log(`── ${name}: ${totals(outcome)} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
    return outcome
  }

  /** Prints what failed and what was skipped, the totals as the last line, and sets the exit code. */
  finish(): void {
    const total = sum(this.#outcomes)
    if (total.skips.length > 0) console.log(`\nSkipped:\n${lines(total.skips)}`)
    if (total.failures.length > 0) console.log(`\nFailed:\n${lines(total.failures)}`)
    console.log(`\n${totals(total)}`)
    process.exitCode = total.failures.length === 0 ? 0 : 1
  }
}

function totals({ passed, failures, skips }: Outcome): string {
  return `${passed} passed, ${failures.length} failed, ${skips.length} skipped`
}

function lines(items: readonly string[]): string {
  return items.map((item) => `  ${item}`).join('\n')
}
