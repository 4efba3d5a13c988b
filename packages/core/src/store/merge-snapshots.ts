import type { Allowance } from '../ledger/allowance.js'
import { bothAllowances, keyOfAllowance } from '../ledger/allowance-parts.js'
import { type Breaker, newerOf } from '../ledger/breakers.js'
import { type Cooldown, laterOf } from '../ledger/cooldowns.js'
import type { LedgerState } from '../ledger/ledger.js'
import { bothRecords, type TargetRecord } from '../ledger/performance.js'
import { type LedgerSnapshot, withoutForgotten } from './snapshot.js'

/**
 * What two ledgers know, together. Commutative, associative and idempotent but for the counts: of `own` only those
 * requests are added that are not in `stored` yet (`unsaved`), each once.
 */
export function mergeSnapshots(stored: LedgerSnapshot, own: LedgerState, now: number): LedgerSnapshot {
  const both = <T>(
    one: readonly T[],
    other: readonly T[],
    keyOfItem: (item: T) => string,
    join: (a: T, b: T) => T,
  ): T[] => {
    const found = new Map(one.map((item) => [keyOfItem(item), item] as const))
    for (const item of other) {
      const key = keyOfItem(item)
      const before = found.get(key)
      // The latest written last, so that it is the last to be pushed out.
      found.delete(key)
      found.set(key, before === undefined ? item : join(before, item))
    }
    return [...found.values()]
  }
  const counts = both<Allowance>(
    stored.allowances.map((allowance) => ({ ...allowance, unsaved: [] })),
    own.allowances.map((allowance) => ({ ...allowance, sent: allowance.unsaved })),
    keyOfAllowance,
    (before, added) => bothAllowances(added, before),
  )
  return withoutForgotten({
    ...stored,
    savedAt: Math.max(stored.savedAt, now),
    forgotten: [...stored.forgotten, ...own.forgotten],
    cooldowns: both<Cooldown>(
      stored.cooldowns,
      own.cooldowns,
      ({ area, provider, name }) => JSON.stringify([area, provider, name]),
      laterOf,
    ),
    breakers: both<Breaker>(
      stored.breakers,
      own.breakers,
      ({ origin, model }) => JSON.stringify([origin, model]),
      newerOf,
    ),
    allowances: counts.map(({ unsaved: _unsaved, ...allowance }) => allowance),
    targets: both<TargetRecord>(
      stored.targets,
      own.targets,
      ({ provider, model }) => JSON.stringify([provider, model]),
      bothRecords,
    ),
  })
}
