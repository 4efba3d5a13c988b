import type { WorkerFailure } from './protocol.js'

/** A failure with its kind, thrown inside the worker only. */
export class WorkerProblem extends Error {
  readonly failure: WorkerFailure

  constructor(failure: WorkerFailure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Thrown inside the worker when the caller has left. */
export class Cancelled extends Error {}

/** The words of anything thrown. */
export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What a thrown value is to the other side. */
export function asFailure(error: unknown): WorkerFailure {
  return error instanceof WorkerProblem ? error.failure : { kind: 'failed', message: words(error) }
}
