import type { Provider } from '@openmux/core'
import type { ContractCase } from './cases.js'
import { contractGroups } from './groups.js'
import type { ContractOptions, ProviderContractOptions } from './options.js'
import { beginTrial } from './trial.js'

/**
 * The contract suite: registers tests for everything a provider declares with the runner it is
 * given. Declared and failing is a failed test; not declared is a test that the request is refused
 * with `unsupported`; what cannot be tested shows up as a skipped test with its reason.
 *
 * Await it at the top level of the test file, after the double is up:
 *
 * ```ts
 * import { describe, it } from 'vitest'
 * await providerContract({ describe, it, name: 'toy', create: () => toy() })
 * ```
 *
 * Never throws: a factory that fails becomes a failing test.
 */
export async function providerContract(options: ProviderContractOptions): Promise<void> {
  const { describe, it } = options
  let declared: Provider
  try {
    declared = await options.create()
  } catch (error) {
    describe(`${options.name}: provider contract`, () => {
      it('can be made', () => {
        throw error
      })
    })
    return
  }
  // Not awaited: a provider that never finishes closing must not keep the tests from being listed.
  Promise.resolve(declared.close()).catch(() => undefined)
  describe(`${options.name}: provider contract`, () => {
    for (const group of contractGroups(declared, options)) {
      describe(group.name, () => {
        for (const one of group.cases) {
          if (one.skip === undefined) it(one.name, () => runCase(one, options))
          else it.skip(`${one.name} (skipped: ${one.skip})`, () => undefined)
        }
      })
    }
  })
}

/** Runs one test of the suite on a fresh provider. */
export async function runCase(one: ContractCase, options: ContractOptions): Promise<void> {
  const trial = await beginTrial(options)
  try {
    await one.run(trial)
  } finally {
    await trial.end()
  }
}
