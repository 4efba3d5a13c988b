/** What a step of `npm test` came to: one check counts as one, a test suite as its tests. */
export interface Outcome {
  readonly passed: number
  /** What failed, each as one line. */
  readonly failures: readonly string[]
  /** What was skipped, each as one line that says why. */
  readonly skips: readonly string[]
}

export const onePassed: Outcome = { passed: 1, failures: [], skips: [] }

export function oneFailed(what: string): Outcome {
  return { passed: 0, failures: [what], skips: [] }
}

export function oneSkipped(what: string): Outcome {
  return { passed: 0, failures: [], skips: [what] }
}

export function sum(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((total, { passed }) => total + passed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
    skips: outcomes.flatMap(({ skips }) => skips),
  }
}
