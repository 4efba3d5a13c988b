import type { ErrorCode, Lifecycle } from '@openmux/core'

/** How a try ended: with an answer, or with an error of this code. */
export type TryOutcome =
  | { readonly answered: true; readonly what: string }
  | { readonly answered: false; readonly code: ErrorCode; readonly message: string }

/** What a test makes of it. */
export type Judgement =
  | { readonly verdict: 'pass'; readonly because: string }
  | { readonly verdict: 'skip'; readonly because: string }
  | { readonly verdict: 'fail'; readonly because: string }

/** The account has nothing left: the service is there, and is as we believe. */
const USED_UP: readonly ErrorCode[] = ['credits', 'quota', 'rate-limit']
/** Refusals by somebody who is there: whether others would get an answer cannot be told. */
const REFUSED: readonly ErrorCode[] = [
  ...USED_UP,
  'auth',
  'region',
  'needs-setup',
  'content-filter',
  'bad-request',
  'model-not-found',
  'unsupported',
]

/** Holds a try against what the manifest says. A `disabled` back end that answers is a failure: somebody must re-enable it. */
export function judge({ stage, since, reason }: Lifecycle, outcome: TryOutcome): Judgement {
  if (outcome.answered) {
    if (stage !== 'disabled') return { verdict: 'pass', because: outcome.what }
    return {
      verdict: 'fail',
      because: `The manifest says disabled since ${since} (${reason ?? 'no reason given'}), but the service answers: ${outcome.what}. Re-enable it: set its stage in the manifest, and release that package.`,
    }
  }
  const { code, message } = outcome
  if (stage === 'disabled') {
    return REFUSED.includes(code)
      ? {
          verdict: 'skip',
          because: `somebody is there and refuses this account, so nothing can be told: ${message}`,
        }
      : { verdict: 'pass', because: `disabled, and as dead as believed: ${code}, ${message}` }
  }
  if (USED_UP.includes(code))
    return { verdict: 'skip', because: `nothing is left on this account: ${message}` }
  return { verdict: 'fail', because: `${stage}, but it fails with ${code}: ${message}` }
}
