import type { Task } from '../contract/task.js'

/** A task and where it came from. */
export interface TaskChoice {
  readonly task: Task
  readonly reason: string
}
