import type { Claim, Ledger, Outcome } from '../../src/ledger/ledger.js'
import type { LedgerKeeping } from '../../src/ledger/ledger-keeper.js'

/** Watches a ledger: what was begun and what of it was settled how often. */
export function watched(): { keeping: LedgerKeeping; claims: Map<Claim, Outcome[]> } {
  const claims = new Map<Claim, Outcome[]>()
  const keeping: LedgerKeeping = (ledger: Ledger) => {
    const { begin, settle: end } = ledger
    ledger.begin = function (...given) {
      const claim = begin.apply(this, given)
      claims.set(claim, [])
      return claim
    }
    ledger.settle = function (claim, outcome, ...rest) {
      claims.get(claim)?.push(outcome)
      end.call(this, claim, outcome, ...rest)
    }
    return {
      opened: Promise.resolve(),
      changed: () => undefined,
      flush: async () => undefined,
      close: async () => undefined,
    }
  }
  return { keeping, claims }
}
