import { isInertAllowance, tidied } from '../ledger/allowance.js'
import { isLasting } from '../ledger/cooldowns.js'
import type { LedgerSnapshot } from './snapshot.js'

/** A breaker that has long been closed, or failing without being asked, is as good as new, ms. */
const BREAKER_KEPT_MS = 3_600_000
/** Longer than the longest window: what a back end said about the size of an allowance, ms. */
const TOLD_KEPT_MS = 45 * 86_400_000
/** Entries stored of each kind: as many as a ledger remembers by default. */
const MOST = 256
/** Providers whose being forgotten is remembered. */
const MOST_FORGOTTEN = 64

/** Without what no longer matters to anybody, and bounded. */
export function tidySnapshot(snapshot: LedgerSnapshot, now: number): LedgerSnapshot {
  const allowances = snapshot.allowances
    .map((allowance) => tidied({ ...allowance, unsaved: [] }, now))
    .filter(
      (allowance) =>
        !isInertAllowance(allowance, now) || now - (allowance.told?.at ?? -Infinity) < TOLD_KEPT_MS,
    )
    .map(({ unsaved: _unsaved, ...allowance }) => allowance)
  return {
    ...snapshot,
    forgotten: snapshot.forgotten.toSorted((a, b) => a.at - b.at).slice(-MOST_FORGOTTEN),
    cooldowns: last(
      snapshot.cooldowns.filter((cooldown) => isLasting(cooldown, now)),
      MOST,
      ({ until }) => until > now,
    ),
    breakers: last(
      snapshot.breakers.filter(({ at }) => now - at < BREAKER_KEPT_MS),
      2 * MOST,
      ({ until }) => until > now,
    ),
    allowances: last(allowances, MOST, (allowance) => !isInertAllowance({ ...allowance, unsaved: [] }, now)),
    targets: snapshot.targets.slice(-MOST),
  }
}

/** The last ones, and those that matter before all others. */
function last<T>(entries: readonly T[], most: number, matters: (entry: T) => boolean): readonly T[] {
  if (entries.length <= most) return entries
  const { true: active = [], false: inert = [] } = Object.groupBy(entries, (entry) =>
    matters(entry) ? 'true' : 'false',
  )
  return [...inert, ...active].slice(-most)
}
