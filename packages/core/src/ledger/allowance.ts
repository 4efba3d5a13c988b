import type { LimitRule, LimitScope } from '../contract/limit.js'
import { countBetween, type EventLog, withoutBefore } from './event-log.js'
import { slackOf, windowAround } from './limit-windows.js'

/** What a back end said last about an allowance. */
export interface Baseline {
  /** The moment it is true for, ms since 1970. */
  readonly at: number
  /** Requests or tokens used of the window by then, by whomever. */
  readonly used: number
  /** When it stops being true, ms since 1970. */
  readonly until?: number
}

/** One allowance: what we sent of it, corrected by what the back end said. */
export interface Allowance {
  readonly provider: string
  /** The id of the rule, or a name for what no rule declares. */
  readonly id: string
  readonly scope: LimitScope
  readonly unit: 'requests' | 'tokens' | 'usd'
  /** For scope `model`. */
  readonly model?: string
  /** For scope `endpoint`. */
  readonly origin?: string
  /** Absent: declared by nobody, known from reports alone. */
  readonly rule?: LimitRule
  /** The amount a window as the back end told it, over that of the rule. */
  readonly told?: { readonly limit: number; readonly at: number }
  readonly baseline?: Baseline
  /** What we sent. */
  readonly sent: EventLog
  /** The part of `sent` that is not in the store yet. */
  readonly unsaved: EventLog
}

/** What is reported of an undeclared allowance without the end of its window is believed for so long, ms. */
const UNTIMED_MS = 10_000
/**
 * And never longer than this, ms: such ends are often those of a whole refill (docs of OpenAI and Groq: "the time until
 * the limit resets to its initial state"), while a request fits again much earlier.
 */
const UNDECLARED_MS = 600_000

/** The amount a window, if it is known. */
export function limitOf({ told, rule }: Allowance): number | undefined {
  return told?.limit ?? rule?.amount
}

/** What counts against the limit at `now`: of what we know, never less than what the back end counts. */
export function usedAt(allowance: Allowance, now: number): number {
  const { baseline, sent, rule } = allowance
  const trusted = baseline !== undefined && isInForce(allowance, baseline, now) ? baseline : undefined
  if (rule === undefined)
    return trusted === undefined ? 0 : Math.max(0, trusted.used + countBetween(sent, trusted.at))
  const slack = slackOf(rule.window)
  if (rule.window.kind !== 'rolling') {
    // Just after midnight it may still be yesterday for the server, and just before it already tomorrow.
    const from = windowAround(rule.window, now - slack).start - slack - 1
    return Math.max(
      0,
      trusted === undefined ? countBetween(sent, from) : trusted.used + countBetween(sent, trusted.at),
    )
  }
  const { ms } = rule.window
  const from = now - ms - slack
  if (trusted === undefined) return Math.max(0, countBetween(sent, from))
  const since = countBetween(sent, Math.max(from, trusted.at))
  // The back end named the moment at which this is over: until then it holds as it was said.
  if (trusted.until !== undefined && now < trusted.until + slack) return Math.max(0, trusted.used + since)
  // Requests of ours that it counted leave the window one by one, those of others all at once: a told moment only
  // promises that one request fits, as others may go on.
  const ownThen = countBetween(sent, trusted.at - ms, trusted.at)
  const freed = trusted.until === undefined ? 0 : 1
  const others = Math.max(0, trusted.used - ownThen - freed)
  const ownNow = Math.min(trusted.used, countBetween(sent, from, trusted.at))
  return Math.max(0, ownNow + others + since)
}

/** What is left at `now`; undefined where no limit is known. */
export function remainingAt(allowance: Allowance, now: number): number | undefined {
  const limit = limitOf(allowance)
  if (limit === undefined) return undefined
  if (allowance.rule === undefined && !isReported(allowance, now)) return undefined
  return Math.max(0, limit - usedAt(allowance, now))
}

/** From when on `need` more fits, if nothing else is sent. `never`: it is more than a whole window gives. */
export function nextFreeAt(allowance: Allowance, need: number, now: number): number | 'never' {
  const limit = limitOf(allowance)
  const fits = (at: number): boolean => limit === undefined || usedAt(allowance, at) + need <= limit
  if (fits(now)) return now
  const { baseline, rule, sent } = allowance
  const end = baseline === undefined ? now : forceEnds(allowance, baseline)
  if (rule === undefined) return end
  if (limit !== undefined && need > limit) return 'never'
  const slack = slackOf(rule.window)
  if (rule.window.kind !== 'rolling') {
    const midnight = windowAround(rule.window, now - slack).end + slack
    const at = Math.max(midnight, end)
    return fits(at) ? at : windowAround(rule.window, at).end + slack
  }
  const { ms } = rule.window
  const told = (baseline?.until ?? now) + slack
  const moments = [...sent.map(([at]) => at + ms + slack), told, end]
    .filter((at) => at > now)
    .toSorted((a, b) => a - b)
  let low = 0
  let high = moments.length - 1
  // Nothing but time passes: what fits at one moment fits at every later one.
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(moments[middle] ?? now)) high = middle
    else low = middle + 1
  }
  return moments[low] ?? now
}

/** When the present window ends; undefined where it is not known. */
export function renewsAt(allowance: Allowance, now: number): number | undefined {
  const { rule, baseline } = allowance
  if (rule !== undefined && rule.window.kind !== 'rolling')
    return windowAround(rule.window, now - slackOf(rule.window)).end
  const until = baseline?.until
  return until !== undefined && until > now ? until : undefined
}

/** Whether what was reported still holds. */
export function isReported(allowance: Allowance, now: number): boolean {
  return allowance.baseline !== undefined && isInForce(allowance, allowance.baseline, now)
}

/** Whether it says nothing about the next request but what its rule says anyway. */
export function isInertAllowance(allowance: Allowance, now: number): boolean {
  return !isReported(allowance, now) && countBetween(allowance.sent, keptFrom(allowance, now)) <= 0
}

/** Without what no longer matters. */
export function tidied(allowance: Allowance, now: number): Allowance {
  const from = keptFrom(allowance, now)
  const sent = withoutBefore(allowance.sent, from)
  const unsaved = withoutBefore(allowance.unsaved, from)
  return sent === allowance.sent && unsaved === allowance.unsaved
    ? allowance
    : { ...allowance, sent, unsaved }
}

/** Events at or before this moment matter no more. */
export function keptFrom(allowance: Allowance, now: number): number {
  const { rule, baseline } = allowance
  if (rule === undefined) return isReported(allowance, now) ? (baseline?.at ?? now) : now
  const slack = slackOf(rule.window)
  // Twice the window: what was reported a window ago is told apart from what others sent.
  if (rule.window.kind === 'rolling') return now - 2 * (rule.window.ms + slack)
  return windowAround(rule.window, now - slack).start - slack - 1
}

/** Of two reports the later one counts, of two at the same time the more careful one. Commutative, associative, idempotent. */
export function newerBaseline(one: Baseline | undefined, other: Baseline | undefined): Baseline | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const order = one.at - other.at || one.used - other.used || (one.until ?? 0) - (other.until ?? 0)
  return order >= 0 ? one : other
}

function isInForce(allowance: Allowance, baseline: Baseline, now: number): boolean {
  return now < forceEnds(allowance, baseline)
}

function forceEnds({ rule }: Allowance, { at, until }: Baseline): number {
  if (rule === undefined) return Math.min(until ?? at + UNTIMED_MS, at + UNDECLARED_MS)
  const slack = slackOf(rule.window)
  if (rule.window.kind === 'rolling')
    return (until === undefined ? at + rule.window.ms : Math.max(until, at + rule.window.ms)) + slack
  return (until ?? windowAround(rule.window, at).end) + slack
}
