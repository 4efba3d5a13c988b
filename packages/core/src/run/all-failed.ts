import type { Attempt } from '../contract/attempt.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { PartialAnswer } from '../errors/partial-answer.js'

/** Several candidates were tried and none answered: says what happened to each, and when it may work again. */
export function allFailed(failed: readonly Attempt[], errors: readonly OpenMuxError[]): OpenMuxError {
  const stories = failed.map(
    ({ provider, model, code, message }) => `${provider}/${model}: ${message ?? ''} (${code ?? ''})`,
  )
  return new OpenMuxError({
    code: 'all-failed',
    message: `Every candidate failed. ${stories.join('; ')}`,
    hint: errors.at(-1)?.hint,
    remedies: [...new Set(errors.map((error) => error.hint))],
    until: earliest(errors),
    partial: longestPartial(errors),
    cause: errors.at(-1),
  })
}

/** When the first of them may work again; `never` when waiting helps none. */
function earliest(errors: readonly OpenMuxError[]): number | 'never' | undefined {
  const times = errors.flatMap(({ until }) => (typeof until === 'number' ? [until] : []))
  if (times.length > 0) return Math.min(...times)
  return errors.every((error) => error.until === 'never') ? 'never' : undefined
}

function longestPartial(errors: readonly OpenMuxError[]): PartialAnswer | undefined {
  return errors
    .flatMap((error) => (error.partial === undefined ? [] : [error.partial]))
    .reduce<PartialAnswer | undefined>(
      (best, next) => (best !== undefined && best.text.length >= next.text.length ? best : next),
      undefined,
    )
}
