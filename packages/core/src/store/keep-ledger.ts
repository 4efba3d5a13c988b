import type { Clock } from '../contract/clock.js'
import type { Ledger } from '../ledger/ledger.js'
import { checkpointOf, restoreLedger } from './checkpoint.js'
import type { LedgerStore } from './ledger-store.js'

/** Saves a ledger to a store, and brings in what others saved there. */
export interface LedgerKeeper {
  /** Resolves when the ledger has what was stored. Never rejects. */
  readonly opened: Promise<void>
  /** To be called after changes: saves soon, once for many. */
  changed(): void
  /** Saves what is not stored yet, and resolves when it is. Never rejects. */
  flush(): Promise<void>
  /** Saves a last time and lets go of the timer. Never rejects; safe to call twice. */
  close(): Promise<void>
}

/** How to keep a ledger. */
export interface KeepLedgerOptions {
  readonly ledger: Ledger
  readonly store: LedgerStore
  readonly clock: Clock
  /** Between a change and its being saved, ms. Default 1,000: what two processes on one allowance may not know of each other. */
  readonly saveAfterMs?: number
  /** Told, in words, what could not be read or saved. No request ever fails by it. Must not throw. */
  readonly onProblem?: (problem: string, cause?: unknown) => void
}

/** Loads the ledger from its store, and saves it after changes. */
export function keepLedger(options: KeepLedgerOptions): LedgerKeeper {
  const { ledger, store, clock, saveAfterMs = 1_000, onProblem } = options
  let cancelTimer: (() => void) | undefined
  let saving = Promise.resolve()
  let savedVersion = 0
  let closed = false

  const open = async (): Promise<void> => {
    try {
      const { dropped } = restoreLedger(ledger, await store.load(), clock.now())
      savedVersion = ledger.version
      for (const what of dropped) onProblem?.(what)
    } catch (error) {
      onProblem?.('The ledger could not be read; it starts empty.', error)
    }
  }
  const save = async (): Promise<void> => {
    if (ledger.version === savedVersion) return
    const { version } = ledger
    const checkpoint = checkpointOf(ledger, clock.now())
    try {
      await store.save((stored) => checkpoint.merge(stored))
      checkpoint.commit()
      savedVersion = version
      for (const what of checkpoint.dropped) onProblem?.(what)
    } catch (error) {
      checkpoint.abandon()
      onProblem?.('The ledger could not be saved; it goes on in memory.', error)
    }
  }
  const opened = open()
  const flush = (): Promise<void> => {
    cancelTimer?.()
    cancelTimer = undefined
    // One after the other: a checkpoint is only taken when the one before is over.
    saving = saving.then(() => opened).then(save)
    return saving
  }
  return {
    opened,
    changed() {
      if (closed || cancelTimer !== undefined || ledger.version === savedVersion) return
      cancelTimer = clock.after(saveAfterMs, () => void flush())
    },
    flush,
    async close() {
      closed = true
      await flush()
    },
  }
}
