import type { Message } from '../contract/message.js'
import type { Task } from '../contract/task.js'

/** What a request seems to ask for. `unknown` is an honest answer: the router then takes it as chat and says so. */
export interface Classification {
  readonly task: Task | 'unknown'
  /** From 0, a guess, to 1, certain. 0 when nothing is known. */
  readonly confidence: number
  /** One short phrase for people: "asks to write a function". */
  readonly reason: string
}

/** What a classifier is given. Extra members may come; a classifier looks at what it knows. */
export interface ClassifierRequest {
  readonly messages: readonly Message[]
  /** Aborted when the answer is not waited for any more. */
  readonly signal?: AbortSignal
}

/** Tells the task of a request: at once or later, by rules or by a model. May throw: that counts as "don't know". */
export type Classifier = (request: ClassifierRequest) => Classification | Promise<Classification>

/** "Don't know", and why. */
export function unknownTask(reason: string): Classification {
  return { task: 'unknown', confidence: 0, reason }
}
