import { delayFromText } from '../limits/delay-from-text.js'
import type { ErrorText } from './error-text.js'
import { WORDS } from './error-words.js'
import type { FailedAnswer, VerdictDraft } from './failed-answer.js'
import { toldMoment } from './told-moment.js'

/** A renewal further away than this is a quota, whatever it is called. */
const QUOTA_FROM_MS = 3_600_000

/** How much of the body is searched for the name of a window (`GenerateRequestsPerDay…`, `…_per_minute`). */
const SEARCHED = 8_000

const NOT_IN_THE_FREE_TIER: VerdictDraft = {
  code: 'credits',
  scope: 'model',
  until: 'never',
  hint: 'The free tier has no allowance for this model, so no wait helps. Choose another model, or a paid plan.',
}

/**
 * What a 429 means. It is sent for a minute's window, a spent day, an empty purse, a request that no window will
 * ever hold, and a lack of machines; each wants something else from us.
 */
export function tooManyVerdict(answer: FailedAnswer, said: ErrorText, words: string): VerdictDraft {
  if (WORDS.aboveTheLimit.test(words)) return { code: 'too-large', until: 'never' }
  if (WORDS.contextTooLong.test(words)) return { code: 'context-too-long' }
  if (WORDS.spent.test(words)) return { code: 'credits' }
  if (WORDS.noAllowance.test(words)) return NOT_IN_THE_FREE_TIER
  const until = toldMoment(answer, said)
  const window = windowOf(words) ?? windowOf(answer.body.slice(0, SEARCHED))
  // Gemini says "check your plan and billing" of a window too, but then names it or the time to wait.
  const isWindow = window !== undefined || delayFromText(said.message) !== undefined
  if (WORDS.noMoney.test(words) && !isWindow) return { code: 'credits' }
  if (window === 'short') return { code: 'rate-limit' }
  if (window === 'long' || (until !== undefined && until - answer.now >= QUOTA_FROM_MS))
    return { code: 'quota' }
  // "quota" alone is also said of a minute's window: without a long wait it is the short kind.
  if (/rate[_ -]?limit|too many requests|quota|throttl/i.test(words)) return { code: 'rate-limit' }
  return { code: WORDS.capacity.test(words) ? 'unavailable' : 'rate-limit' }
}

function windowOf(text: string): 'short' | 'long' | undefined {
  const short = WORDS.shortWindow.test(text)
  const long = WORDS.longWindow.test(text)
  // A text that names both explains; it does not tell which one is spent.
  if (short === long) return undefined
  return short ? 'short' : 'long'
}
