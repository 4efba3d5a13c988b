import type { Task } from '../contract/task.js'

/** A task and where it came from. */
export interface TaskChoice {
  readonly task: Task
  readonly reason: string
}

/** The caller's word, else `chat`. */
export function taskOfInput(given: Task | undefined): TaskChoice {
  return given === undefined
    ? { task: 'chat', reason: 'default' }
    : { task: given, reason: 'given by the caller' }
}
