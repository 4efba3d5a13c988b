import { describe, expect, it } from 'vitest'
import { checkProvider, type ContractOptions } from '../src/index.js'
import { CANARY } from './breaking.js'
import { BROKEN_ANSWERS } from './broken-answers.js'
import { BROKEN_LIMITS } from './broken-limits.js'
import { BROKEN_MEMBERS } from './broken-members.js'
import { BROKEN_PREFILL } from './broken-prefill.js'
import { BROKEN_STREAMS } from './broken-streams.js'
import { EVERYTHING, scriptedContract } from './scripted-contract.js'

const correct: ContractOptions = { ...scriptedContract(EVERYTHING), secrets: [CANARY], patienceMs: 150 }

describe('the suite against a correct provider', () => {
  it('finds nothing', async () => {
    const report = await checkProvider(correct)
    expect(report.outcomes.filter((one) => one.status === 'failed')).toEqual([])
    expect(report.passed).toBeGreaterThan(90)
  })
})

describe('the suite against a provider that', () => {
  it.each([...BROKEN_STREAMS, ...BROKEN_ANSWERS, ...BROKEN_MEMBERS, ...BROKEN_LIMITS, ...BROKEN_PREFILL])(
    '$fault: the group $caughtBy says so',
    async ({ breakIt, caughtBy, says }) => {
      const create = async () => breakIt(await correct.create())
      const report = await checkProvider({ ...correct, create, groups: [caughtBy] })
      const reasons = report.outcomes.filter((one) => one.status === 'failed').map((one) => one.reason)
      expect(reasons.join('\n')).toMatch(says)
    },
  )
})

describe('what is not declared', () => {
  const modest: ContractOptions = { ...scriptedContract({ seed: false }), patienceMs: 150 }
  // A provider that declares little, and yet takes everything in silence.
  const careless: ContractOptions = {
    ...modest,
    async create() {
      const able = await correct.create()
      const declared = await modest.create()
      return { ...able, supports: declared.supports }
    },
  }

  it.each(['tools', 'json', 'vision', 'reasoning', 'seed'] as const)(
    '%s: is refused by a correct provider',
    async (group) => {
      const report = await checkProvider({ ...modest, groups: [group] })
      expect(report.failed).toBe(0)
      expect(report.passed).toBeGreaterThan(0)
    },
  )

  it.each(['tools', 'json', 'vision', 'reasoning', 'seed'] as const)(
    '%s: taken in silence is found',
    async (group) => {
      const report = await checkProvider({ ...careless, groups: [group] })
      expect(report.outcomes.filter((one) => one.status === 'failed').length).toBeGreaterThan(0)
    },
  )
})
