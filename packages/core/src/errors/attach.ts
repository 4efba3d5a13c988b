import type { Attempt } from '../contract/attempt.js'
import type { DecisionRecord } from '../contract/decision.js'
import type { OpenMuxError } from './openmux-error.js'
import type { PartialAnswer } from './partial-answer.js'

/** What only the orchestrator knows about a provider's error. */
interface Story {
  readonly provider?: string
  readonly model?: string
  readonly partial?: PartialAnswer
  readonly attempts?: readonly Attempt[]
  readonly decision?: DecisionRecord
}

/**
 * Adds to an error what the provider that built it could not know, without covering what it said
 * itself. The same object is kept so that its stack and identity stay those of the failure.
 */
export function attach(error: OpenMuxError, story: Story): OpenMuxError {
  const missing = Object.entries(story).filter(
    ([key, value]) => value !== undefined && (error as unknown as Record<string, unknown>)[key] === undefined,
  )
  return Object.assign(error, Object.fromEntries(missing))
}
