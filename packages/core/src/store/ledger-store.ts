/** Where a ledger is kept between processes. Knows nothing of what is in it. */
export interface LedgerStore {
  /** What is stored; undefined when there is nothing, or it was damaged and set aside. */
  load(): Promise<unknown>
  /**
   * Replaces what is stored by `merge` of it, with nobody in between. `merge` is pure and may be called more than
   * once; undefined leaves everything as it is. Resolves when it is safely stored.
   */
  save(merge: (stored: unknown) => unknown): Promise<void>
}

/** A store that ends with the process; several ledgers of one process can share it. */
export function memoryStore(): LedgerStore {
  let stored: string | undefined
  const load = (): unknown => (stored === undefined ? undefined : JSON.parse(stored))
  return {
    load: async () => load(),
    async save(merge) {
      const merged = merge(load())
      if (merged !== undefined) stored = JSON.stringify(merged)
    },
  }
}
