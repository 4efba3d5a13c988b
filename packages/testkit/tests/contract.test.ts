import { describe, expect, it } from 'vitest'
import { checkProvider, providerContract } from '../src/index.js'
import { EVERYTHING, scriptedContract } from './scripted-contract.js'

// The suite as an author uses it, on two correct providers: one that declares all, one that declares little.
await providerContract({ describe, it, ...scriptedContract(EVERYTHING), name: 'scripted, all declared' })
await providerContract({
  describe,
  it,
  ...scriptedContract({ seed: false }),
  name: 'scripted, little declared',
})

describe('checkProvider', () => {
  it('runs the suite without a test runner and reports', async () => {
    const report = await checkProvider(scriptedContract(EVERYTHING))
    expect(report.outcomes.filter((one) => one.status === 'failed')).toEqual([])
  })
})
