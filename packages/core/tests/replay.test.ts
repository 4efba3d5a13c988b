import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OpenMuxError } from '../src/index.js'
import { floorCrossed, POLICIES, type PolicyName, readPolicy } from '../src/plan/policies.js'
import { rankCandidates } from '../src/plan/score.js'
import type { ScoreInput } from '../src/plan/score-parts.js'
import { replay } from '../src/replay/replay.js'
import {
  readReplayable,
  type ReplayableCandidate,
  type ReplayableDecision,
} from '../src/replay/replayable.js'
import { card } from './support/scripted-provider.js'

const POLICY_NAMES = Object.keys(POLICIES) as PolicyName[]

/** What a decision leaves behind: the ranking, with everything that was known. */
function recordOf(inputs: readonly ScoreInput[], policyName: PolicyName): ReplayableDecision {
  const policy = POLICIES[policyName]
  const isKept = (input: ScoreInput): boolean =>
    floorCrossed(policy.floors, input.locality, input.card) === undefined
  const about = (input: ScoreInput): Omit<ReplayableCandidate, 'verdict' | 'parts'> => ({
    provider: input.provider,
    model: input.model,
    place: input.place,
    locality: input.card?.state === 'hosted' ? 'remote' : input.locality,
    free: input.card?.free,
    contextTokens: input.card?.contextTokens,
    usableInMs: input.standing?.usableInMs === Infinity ? 'never' : input.standing?.usableInMs,
  })
  const kept = rankCandidates(inputs.filter(isKept), { task: 'chat', policy })
  const out = rankCandidates(
    inputs.filter((input) => !isKept(input)),
    { task: 'chat', policy },
  )
  const record: ReplayableDecision = {
    policy: policy.name,
    rules: { weights: policy.weights, patienceMs: policy.patienceMs, floors: policy.floors },
    candidates: [
      ...kept.map(({ input, score }) => ({
        ...about(input),
        verdict: 'planned' as const,
        parts: score.parts,
      })),
      ...out.map(({ input, score }) => ({
        ...about(input),
        verdict: 'cut' as const,
        byFloor: true,
        parts: score.parts,
      })),
    ],
  }
  // As it comes out of a log.
  return readReplayable(JSON.parse(JSON.stringify(record)))
}

const inputs: fc.Arbitrary<ScoreInput[]> = fc
  .uniqueArray(
    fc.record({
      provider: fc.constantFrom('a', 'b', 'c', 'd'),
      model: fc.constantFrom('llama3.1:8b', 'gemma3:1b', 'unheard-of'),
      locality: fc.constantFrom('local' as const, 'remote' as const),
      free: fc.boolean(),
      hosted: fc.boolean(),
      rest: fc.constantFrom(0, 2_000, 9_000, Infinity),
      rate: fc.double({ min: 0, max: 1, noNaN: true }),
      samples: fc.nat(40),
    }),
    { maxLength: 7, selector: ({ provider, model }) => `${provider}/${model}` },
  )
  .map((list) =>
    list.map(({ free, hosted, rest, rate, samples, model, ...input }, place) => ({
      ...input,
      model,
      place,
      card: card(model, { free, state: hosted ? 'hosted' : 'loaded' }),
      standing: { usableInMs: rest },
      performance: { successRate: rate, samples },
    })),
  )
const policyNames = fc.constantFrom(...POLICY_NAMES)
const targets = (
  candidates: readonly { provider: string; model?: string | undefined; cut?: string }[],
): string[] =>
  candidates.filter(({ cut }) => cut === undefined).map(({ provider, model }) => `${provider}/${model}`)

describe('replaying decisions', () => {
  it('gives a record itself with its own rules', () => {
    fc.assert(
      fc.property(inputs, policyNames, (list, policy) => {
        const record = recordOf(list, policy)
        for (const config of [{}, { policy }]) {
          const { replayed, otherFirst } = replay([record], config)
          expect(replayed[0]?.same).toBe(true)
          expect(otherFirst).toBe(0)
          expect(replayed[0]?.candidates.map(({ provider, model }) => [provider, model])).toEqual(
            record.candidates.map(({ provider, model }) => [provider, model]),
          )
        }
      }),
    )
  })

  it('gives with another policy what that policy would have planned', () => {
    fc.assert(
      fc.property(inputs, policyNames, policyNames, (list, then, now) => {
        const { floors } = POLICIES[now]
        const fresh = rankCandidates(
          list.filter((input) => floorCrossed(floors, input.locality, input.card) === undefined),
          { task: 'chat', policy: POLICIES[now] },
        )
        const { replayed } = replay([recordOf(list, then)], { policy: now })
        expect(targets(replayed[0]?.candidates ?? [])).toEqual(
          fresh.map(({ input }) => `${input.provider}/${input.model}`),
        )
      }),
    )
  })

  it('tries another order, by any spelling, and leaves the others as they were', () => {
    const list = ['a', 'b', 'c'].map((provider, place): ScoreInput => ({
      provider,
      model: 'm',
      locality: 'local',
      place,
    }))
    const { replayed, otherFirst, firsts } = replay([recordOf(list, 'ordered')], { order: ['C', 'b/M'] })
    expect(targets(replayed[0]?.candidates ?? [])).toEqual(['c/m', 'b/m', 'a/m'])
    expect(otherFirst).toBe(1)
    expect(firsts).toEqual([
      { target: 'c/m', before: 0, after: 1 },
      { target: 'a/m', before: 1, after: 0 },
    ])
  })

  it('keeps preferences first, and what was cut for good out', () => {
    const list = ['a', 'b', 'c', 'd'].map((provider, place): ScoreInput => ({
      provider,
      model: 'm',
      locality: 'local',
      place,
    }))
    const record = recordOf(list, 'ordered')
    const candidates = record.candidates.map((candidate) => ({
      ...candidate,
      preferred: candidate.provider === 'c',
      ...(candidate.provider === 'a' && { verdict: 'cut' as const }),
    }))
    const { replayed } = replay(
      [{ ...record, candidates: [...candidates, { provider: 'e', verdict: 'cut' }] }],
      { policy: 'fast' },
    )
    expect(targets(replayed[0]?.candidates ?? [])).toEqual(['c/m', 'b/m', 'd/m'])
    expect(
      replayed[0]?.candidates.filter(({ cut }) => cut !== undefined).map(({ provider }) => provider),
    ).toEqual(['a', 'e'])
  })

  it('tells what is known of who would be first', () => {
    const list = ['a', 'b'].map((provider, place): ScoreInput => ({
      provider,
      model: 'm',
      locality: 'local',
      place,
    }))
    const record = recordOf(list, 'ordered')
    const [first, second] = record.candidates
    const told: ReplayableDecision = {
      ...record,
      candidates: [
        { ...first!, verdict: 'failed' },
        { ...second!, verdict: 'answered' },
      ],
    }
    expect(replay([told]).replayed[0]?.first).toMatchObject({ provider: 'a', verdict: 'failed' })
    expect(replay([told], { order: ['b'] }).replayed[0]?.first).toMatchObject({
      provider: 'b',
      verdict: 'answered',
    })
    expect(replay([]).replayed).toEqual([])
  })

  it('refuses what is no record, by the field, and nothing else happens', () => {
    const record = recordOf([{ provider: 'a', model: 'm', locality: 'local', place: 0 }], 'balanced')
    const faults: [unknown, string][] = [
      [null, 'record'],
      [{}, 'record.rules'],
      [{ ...record, rules: { ...record.rules, weights: { quality: 1 } } }, 'record.rules.weights.speed'],
      [{ ...record, candidates: 'many' }, 'record.candidates'],
      [{ ...record, candidates: [{ provider: 'a', verdict: 'won' }] }, 'record.candidates[0].verdict'],
      [
        { ...record, candidates: [{ provider: 'a', verdict: 'cut', place: 'x' }] },
        'record.candidates[0].place',
      ],
      [
        {
          ...record,
          candidates: [{ ...record.candidates[0], parts: [{ name: 'x', value: 1, reason: '' }] }],
        },
        'record.candidates[0].parts[0].name',
      ],
    ]
    for (const [value, field] of faults)
      expect(() => readReplayable(value), field).toThrow(
        expect.objectContaining({ code: 'bad-request', field }) as Error,
      )
    expect(() => replay([record], { policy: 'nope' as PolicyName })).toThrow(OpenMuxError)
  })

  it('never fails otherwise, whatever is in the file', () => {
    const base = recordOf([{ provider: 'a', model: 'm', locality: 'local', place: 0 }], 'balanced')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc
            .dictionary(fc.constantFrom('rules', 'candidates', 'policy'), fc.jsonValue())
            .map((more) => ({ ...base, ...more })),
        ),
        (value) => {
          try {
            replay([readReplayable(value)])
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad-request' })
          }
        },
      ),
    )
    expect(readPolicy({ base: 'fast' }).name).toBe('fast')
  })
})
