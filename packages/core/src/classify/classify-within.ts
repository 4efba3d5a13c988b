import type { Clock } from '../contract/clock.js'
import { TASKS } from '../contract/task.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import {
  type Classification,
  type Classifier,
  type ClassifierRequest,
  unknownTask,
} from './classification.js'

/**
 * Asks a classifier and waits at most `deadlineMs`. Never throws: an error, a late or a malformed answer is
 * "don't know", with the reason. A classifier that answers at once is answered for at once, without a promise.
 */
export function classifyWithin(
  classifier: Classifier,
  request: ClassifierRequest,
  deadlineMs: number,
  clock: Clock,
): Classification | Promise<Classification> {
  const leaving = new AbortController()
  let answer: Classification | Promise<Classification>
  try {
    answer = classifier({
      ...request,
      signal:
        request.signal === undefined ? leaving.signal : AbortSignal.any([request.signal, leaving.signal]),
    })
  } catch (thrown) {
    return failed(thrown)
  }
  if (!isPromise(answer)) return checked(answer)
  const asked = answer
  return new Promise((resolve) => {
    const late = (): void => {
      resolve(unknownTask(`the classifier gave no answer within ${deadlineMs} ms`))
      leaving.abort()
    }
    const cancel = clock.after(deadlineMs, late, true)
    asked.then(checked, failed).then(
      (classification) => {
        cancel()
        resolve(classification)
      },
      () => undefined,
    )
  })
}

function isPromise(value: unknown): value is Promise<Classification> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function failed(thrown: unknown): Classification {
  return unknownTask(`the classifier failed: ${toOpenMuxError(thrown).message}`)
}

/** A classifier may be anybody's code: what is not a classification is none. */
function checked(answer: unknown): Classification {
  if (typeof answer !== 'object' || answer === null) return malformed()
  const { task, confidence, reason } = answer as Partial<Record<keyof Classification, unknown>>
  const known = task === 'unknown' ? task : TASKS.find((name) => name === task)
  if (known === undefined || typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1))
    return malformed()
  return {
    task: known,
    confidence,
    reason: typeof reason === 'string' && reason !== '' ? reason : 'no reason given',
  }
}

function malformed(): Classification {
  return unknownTask('the classifier gave something that is not a classification')
}
