import { tellQuietly } from '../observe/tell-quietly.js'
import type { LedgerKeeping } from '../ledger/ledger-keeper.js'
import { checkpointOf, restoreLedger } from './checkpoint.js'
import type { LedgerStore } from './ledger-store.js'

/** How to keep a ledger. */
export interface KeepOptions {
  /** Between a change and its being saved, ms. Default 1,000: what two processes on one allowance may not know of each other. */
  readonly saveAfterMs?: number
  /** Told, in words, what could not be read or saved. No request ever fails by it. Must not throw. */
  readonly onProblem?: (problem: string, cause?: unknown) => void
}

/** Keeps a ledger in a store: loads it at once, saves it after changes, and takes in what other processes saved. */
export function keepIn(store: LedgerStore, options: KeepOptions = {}): LedgerKeeping {
  const { saveAfterMs = 1_000 } = options
  const onProblem = (problem: string, cause?: unknown): void =>
    tellQuietly(() => options.onProblem?.(problem, cause), undefined)
  return (ledger, clock) => {
    let cancelTimer: (() => void) | undefined
    let savedVersion = 0
    let closed = false

    const open = async (): Promise<void> => {
      try {
        const stored = await store.load()
        const before = ledger.version
        for (const what of restoreLedger(ledger, stored, clock.now()).dropped) onProblem(what)
        // What was learned while the store was read is still to be saved.
        if (before === 0) savedVersion = ledger.version
      } catch (error) {
        onProblem('The ledger could not be read; it starts empty.', error)
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
        for (const what of checkpoint.dropped) onProblem(what)
      } catch (error) {
        checkpoint.abandon()
        onProblem('The ledger could not be saved; it goes on in memory.', error)
      }
    }
    const opened = open()
    // One after the other: a checkpoint is only taken when the one before is over.
    let saving = opened
    const flush = (): Promise<void> => {
      cancelTimer?.()
      cancelTimer = undefined
      saving = saving.then(save)
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
}
