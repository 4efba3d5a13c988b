import type { Clock } from '../contract/clock.js'
import type { Ledger } from './ledger.js'

/** Saves a ledger, and brings in what others saved. None of its methods ever rejects. */
export interface LedgerKeeper {
  /** Resolves when the ledger has what was stored. */
  readonly opened: Promise<void>
  /** To be called after changes: saves soon, once for many. */
  changed(): void
  /** Saves what is not stored yet, and resolves when it is. */
  flush(): Promise<void>
  /** Saves a last time and lets go of the timer. Safe to call twice. */
  close(): Promise<void>
}

/** Somewhere to keep a ledger: `keepIn(store)` of `@openmux/core/store`. Loading begins at once. */
export type LedgerKeeping = (ledger: Ledger, clock: Clock) => LedgerKeeper
