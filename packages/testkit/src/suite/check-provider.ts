import { contractGroups, type GroupName } from './groups.js'
import type { ContractOptions } from './options.js'
import { runCase } from './provider-contract.js'

/** How one test of the suite went. */
export interface ContractOutcome {
  readonly group: GroupName
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly reason?: string
}

/** How the suite went. */
export interface ContractReport {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly outcomes: readonly ContractOutcome[]
}

/**
 * Runs the contract suite without a test runner, one test after the other, and reports. Throws only
 * what the factory throws when it is called for the declaration.
 */
export async function checkProvider(options: ContractOptions): Promise<ContractReport> {
  const declared = await options.create()
  Promise.resolve(declared.close()).catch(() => undefined)
  const outcomes: ContractOutcome[] = []
  for (const { name: group, cases } of contractGroups(declared, options)) {
    for (const one of cases) {
      if (one.skip !== undefined) {
        outcomes.push({ group, name: one.name, status: 'skipped', reason: one.skip })
        continue
      }
      try {
        await runCase(one, options)
        outcomes.push({ group, name: one.name, status: 'passed' })
      } catch (error) {
        outcomes.push({
          group,
          name: one.name,
          status: 'failed',
          reason: error instanceof Error ? error.message : String(error),
        })
      }
    }
  }
  const count = (status: ContractOutcome['status']): number =>
    outcomes.filter((one) => one.status === status).length
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), outcomes }
}
