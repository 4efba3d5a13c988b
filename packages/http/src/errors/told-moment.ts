import { delayFromText } from '../limits/delay-from-text.js'
import { delayInBody } from '../limits/delay-in-body.js'
import { limitHint } from '../limits/limit-hint.js'
import type { ErrorText } from './error-text.js'
import type { FailedAnswer } from './failed-answer.js'

/** When the same call may work again, ms since 1970: by the headers, else by the words, else by members of the body. */
export function toldMoment({ headers, json, now }: FailedAnswer, { message }: ErrorText): number | undefined {
  const byHeaders = limitHint(headers, now)?.until
  if (byHeaders !== undefined) return byHeaders
  const delay = delayFromText(message) ?? delayInBody(json)
  return delay === undefined ? undefined : now + delay
}
