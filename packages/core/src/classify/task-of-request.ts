import type { Clock } from '../contract/clock.js'
import type { Message } from '../contract/message.js'
import type { Task } from '../contract/task.js'
import type { Classification, Classifier } from './classification.js'
import { taskOfClassification } from './task-of-classification.js'
import type { TaskChoice } from './task-choice.js'

/** How the task of a request is found that does not name one. */
export interface ClassifyOptions {
  /** Default: the rules of this package. `false`: everything is chat. */
  readonly classifier?: Classifier | false
  /** How long a classifier may take, ms. Default 50. */
  readonly deadlineMs?: number
}

const DEFAULT_DEADLINE_MS = 50

/** The caller's word, else what the classifier says; "don't know" is chat. Never throws; waits only for async classifiers. */
export function taskOfRequest(
  given: Task | undefined,
  messages: readonly Message[],
  { classifier, deadlineMs = DEFAULT_DEADLINE_MS }: ClassifyOptions,
  clock: Clock,
): TaskChoice | Promise<TaskChoice> {
  if (given !== undefined || classifier === false)
    return given === undefined
      ? { task: 'chat', reason: 'default' }
      : { task: given, reason: 'given by the caller' }
  const follow = (classification: Classification): TaskChoice =>
    taskOfClassification(undefined, () => classification)
  if (classifier !== undefined) {
    return import('./classify-within.js')
      .then(({ classifyWithin }) => classifyWithin(classifier, { messages }, deadlineMs, clock))
      .then(follow)
  }
  return rules === undefined
    ? loadRules().then((byRules) => follow(byRules(messages)))
    : follow(rules(messages))
}

type Rules = (messages: readonly Message[]) => Classification

/**
 * The rules are loaded with the first request that needs them: who names tasks, or brings a classifier, pays
 * nothing for them.
 */
let rules: Rules | undefined

async function loadRules(): Promise<Rules> {
  const { classifyText } = await import('./classify-text.js')
  rules = classifyText
  return classifyText
}
