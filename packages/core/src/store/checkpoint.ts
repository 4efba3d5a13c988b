import type { Ledger } from '../ledger/ledger.js'
import { mergeSnapshots } from './merge-snapshots.js'
import { type LedgerSnapshot, readSnapshot, snapshotWith } from './snapshot.js'
import { tidySnapshot } from './tidy-snapshot.js'

/** One saving of what a ledger knows and its store does not. */
export interface Checkpoint {
  /**
   * What to store in place of `stored`: both together, everything counted once. Pure, may be called again. Undefined:
   * what is stored is newer or not ours, and must be left alone.
   */
  merge(stored: unknown): LedgerSnapshot | undefined
  /** It was stored: what others had stored is known here from now on. */
  commit(): void
  /** It was not stored: the next checkpoint takes it along. */
  abandon(): void
  /** What the last `merge` left out of the stored data, in words. */
  readonly dropped: readonly string[]
}

/** Everything a ledger knows, as plain data. */
export function snapshotOf(ledger: Ledger, now: number): LedgerSnapshot {
  return tidySnapshot(snapshotWith(ledger.state(), now), now)
}

/**
 * Takes in what a store holds; what is damaged, foreign, from the future or newer is left out and named. Never throws.
 * For a ledger that has just been made: later, a checkpoint does it.
 */
export function restoreLedger(
  ledger: Ledger,
  stored: unknown,
  now: number,
): { readonly dropped: readonly string[] } {
  const { snapshot, dropped } = readSnapshot(stored, now)
  if (snapshot !== undefined) ledger.adopt(stateOf(snapshot), now)
  return { dropped }
}

/** What is not stored yet. One at a time: `commit` or `abandon` it before the next. */
export function checkpointOf(ledger: Ledger, now: number): Checkpoint {
  const { state, takeBack } = ledger.handOver(now)
  let merged: LedgerSnapshot | undefined
  let dropped: readonly string[] = []
  let over = false
  return {
    get dropped() {
      return dropped
    },
    merge(stored) {
      const read = readSnapshot(stored, now)
      dropped = read.dropped
      if (read.foreign) merged = undefined
      // Nothing is there, or it was set aside as damaged: everything we know is better than only what is new.
      else if (read.snapshot === undefined) merged = tidySnapshot(snapshotWith(state, now), now)
      else merged = tidySnapshot(mergeSnapshots(read.snapshot, state, now), now)
      return merged
    },
    commit() {
      if (over) return
      over = true
      if (merged === undefined) takeBack()
      else ledger.adopt(stateOf(merged), now)
    },
    abandon() {
      if (!over) takeBack()
      over = true
    },
  }
}

function stateOf(snapshot: LedgerSnapshot): ReturnType<Ledger['state']> {
  return { ...snapshot, allowances: snapshot.allowances.map((allowance) => ({ ...allowance, unsaved: [] })) }
}
