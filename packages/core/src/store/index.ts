export { type Checkpoint, checkpointOf, restoreLedger, snapshotOf } from './checkpoint.js'
export { keepIn, type KeepOptions } from './keep-ledger.js'
export { type LedgerStore, memoryStore } from './ledger-store.js'
export type { LedgerSnapshot } from './snapshot.js'
