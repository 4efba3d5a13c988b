import type { Clock } from '../contract/clock.js'
import type { Message } from '../contract/message.js'
import type { Task } from '../contract/task.js'
import { type Classification, type Classifier, unknownTask } from './classification.js'
import type { DefaultClassifier } from './default-classifier.js'
import { taskOfClassification } from './task-of-classification.js'
import type { TaskChoice } from './task-choice.js'

/** How the task of a request is found that does not name one. */
export interface ClassifyOptions {
  /** Default: the trained classifier of this package. `false`: everything is chat. */
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
  return byDefault === undefined
    ? loadDefault().then((classify) => follow(classify(messages)))
    : follow(byDefault(messages))
}

/**
 * The classifier is loaded with the first request that needs it: who names tasks, pins a model, or brings one, pays
 * nothing for it.
 */
let byDefault: DefaultClassifier | undefined

/** Without it requests still go on, as "don't know". */
async function loadDefault(): Promise<DefaultClassifier> {
  try {
    const { loadDefaultClassifier } = await import('./default-classifier.js')
    return (byDefault = await loadDefaultClassifier())
  } catch {
    return () => unknownTask('no classifier could be loaded')
  }
}
