import type { Task } from '../contract/task.js'
import type { Classification } from './classification.js'
import type { TaskChoice } from './task-choice.js'

/** Confidence a classification needs to be followed. */
export const DEFAULT_MIN_CONFIDENCE = 0.6

/** What follows from a classification; `among` is what the call can be (a chat call never turns into vectors). */
export interface FollowOptions {
  /** Default: `chat` and `code`. */
  readonly among?: readonly Task[]
  /** Default {@link DEFAULT_MIN_CONFIDENCE}. */
  readonly minConfidence?: number
}

/** The task to route by. The caller's own word always wins; "don't know" is chat, and the reason says so. */
export function taskOfClassification(
  given: Task | undefined,
  classify: () => Classification,
  options: FollowOptions = {},
): TaskChoice {
  if (given !== undefined) return { task: given, reason: 'given by the caller' }
  const { among = ['chat', 'code'], minConfidence = DEFAULT_MIN_CONFIDENCE } = options
  const { task, confidence, reason } = classify()
  if (task === 'unknown') return { task: 'chat', reason: `don’t know (${reason}), so chat` }
  if (!among.includes(task))
    return { task: 'chat', reason: `${reason}, but this call cannot be ${task}, so chat` }
  if (confidence < minConfidence)
    return { task: 'chat', reason: `perhaps ${task} (${reason}), too unsure to follow, so chat` }
  return { task, reason: `${reason} (${Math.round(confidence * 100)} % sure)` }
}
