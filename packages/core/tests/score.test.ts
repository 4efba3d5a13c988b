import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelCard } from '../src/index.js'
import { floorCrossed, joinFloors, POLICIES, type PolicyName, readPolicy } from '../src/plan/policies.js'
import { QUALITY_PRIORS } from '../src/plan/quality-priors.js'
import { rankCandidates, scoreCandidate } from '../src/plan/score.js'
import type { SeenPerformance, ScoreInput, ScoredStanding } from '../src/plan/score-parts.js'
import { billionsOfName, bySize, guessQuality, plainModelName } from '../src/plan/score-quality.js'
import { card } from './support/scripted-provider.js'

const POLICY_NAMES = Object.keys(POLICIES) as PolicyName[]
const candidate = (more: Partial<ScoreInput> = {}): ScoreInput => ({
  provider: 'a',
  model: 'm',
  locality: 'remote',
  place: 0,
  ...more,
})

const rate = fc.double({ min: 0, max: 1, noNaN: true })
const ms = fc.double({ min: 0, max: 1e6, noNaN: true })
const performances: fc.Arbitrary<SeenPerformance> = fc.record(
  {
    firstTokenMs: fc.tuple(ms, ms).map(([a, b]) => ({ p50: Math.min(a, b), p95: Math.max(a, b) })),
    msPerToken: fc.double({ min: 0, max: 1_000, noNaN: true }),
    successRate: rate,
    samples: fc.nat(10_000),
  },
  { requiredKeys: ['successRate', 'samples'] },
)
const standings: fc.Arbitrary<ScoredStanding> = fc.record(
  { usableInMs: fc.oneof(ms, fc.constant(Infinity)), quotaLeft: rate },
  { requiredKeys: [] },
)
const cards: fc.Arbitrary<ModelCard> = fc.record(
  {
    id: fc.constantFrom('llama3.1:8b', 'qwen2.5-coder:7b', 'unheard-of', 'gemma3:1b'),
    tasks: fc.constant(['chat' as const]),
    state: fc.constantFrom(
      'loaded' as const,
      'installed' as const,
      'downloadable' as const,
      'hosted' as const,
    ),
    free: fc.boolean(),
    price: fc.record({
      inputPerMillion: fc.double({ min: 0, max: 100, noNaN: true }),
      outputPerMillion: fc.double({ min: 0, max: 100, noNaN: true }),
    }),
    parameters: fc.double({ min: 1e6, max: 1e12, noNaN: true }),
  },
  { requiredKeys: ['id', 'tasks', 'state', 'free'] },
)
const inputs: fc.Arbitrary<ScoreInput> = fc.record(
  {
    provider: fc.constantFrom('a', 'b', 'c'),
    model: fc.constantFrom('llama3.1:8b', 'qwen2.5-coder:7b', 'unheard-of', 'gemma3:1b'),
    locality: fc.constantFrom('local' as const, 'remote' as const),
    card: cards,
    performance: performances,
    standing: standings,
    place: fc.nat(5),
  },
  { requiredKeys: ['provider', 'model', 'locality', 'place'] },
)
const policies = fc.constantFrom(...POLICY_NAMES).map((name) => POLICIES[name])
const tasks = fc.constantFrom('chat' as const, 'code' as const, 'embeddings' as const)

describe('the order of candidates', () => {
  it('is total: however they go in, they come out the same', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(inputs, { maxLength: 8, selector: ({ provider, model }) => `${provider}/${model}` }),
        policies,
        tasks,
        fc.nat(),
        (list, policy, task, seed) => {
          const shuffled = [...list].sort(
            (a, b) => ((seed + a.place * 7 + a.model.length) % 5) - ((seed + b.place * 3) % 5),
          )
          const once = rankCandidates(list, { task, policy })
          expect(rankCandidates(list, { task, policy })).toEqual(once)
          expect(rankCandidates(list.toReversed(), { task, policy })).toEqual(once)
          expect(rankCandidates(shuffled, { task, policy })).toEqual(once)
        },
      ),
    )
  })

  it('never puts who must rest longer than the patience before who can be asked', () => {
    fc.assert(
      fc.property(fc.array(inputs, { maxLength: 8 }), policies, tasks, (list, policy, task) => {
        const usable = rankCandidates(list, { task, policy }).map(
          ({ input }) => (input.standing?.usableInMs ?? 0) <= policy.patienceMs,
        )
        expect(usable).toEqual([...usable].sort((a, b) => Number(b) - Number(a)))
      }),
    )
  })

  it('is the caller’s own by default, among those that can be asked', () => {
    fc.assert(
      fc.property(fc.array(inputs, { maxLength: 8 }), tasks, (list, task) => {
        const policy = readPolicy(undefined)
        const places = rankCandidates(list, { task, policy })
          .filter(({ score }) => score.usable)
          .map(({ input }) => input.place)
        expect(places).toEqual([...places].sort((a, b) => a - b))
      }),
    )
  })

  it('gives scores and parts from 0 to 1, each part with a reason', () => {
    fc.assert(
      fc.property(inputs, policies, tasks, (input, policy, task) => {
        const { value, parts } = scoreCandidate(input, { task, policy, places: 6 })
        for (const number of [value, ...parts.map((part) => part.value)]) {
          expect(number).toBeGreaterThanOrEqual(0)
          expect(number).toBeLessThanOrEqual(1)
        }
        expect(parts.every(({ reason }) => reason !== '')).toBe(true)
      }),
    )
  })
})

describe('a score never falls', () => {
  /** Whether the second is at least as good under every preset. */
  const holds = (worse: ScoreInput, better: ScoreInput): void => {
    for (const name of POLICY_NAMES) {
      const context = { task: 'chat', policy: POLICIES[name], places: 6 } as const
      const gain = scoreCandidate(better, context).value - scoreCandidate(worse, context).value
      expect(gain).toBeGreaterThanOrEqual(-1e-12)
    }
  }

  it('by a lower price, or by costing nothing', () => {
    fc.assert(
      fc.property(inputs, cards, rate, (input, base, factor) => {
        const price = base.price ?? { inputPerMillion: 1, outputPerMillion: 2 }
        const cheaper = {
          inputPerMillion: price.inputPerMillion * factor,
          outputPerMillion: price.outputPerMillion * factor,
        }
        const paid = { ...base, free: false, price }
        holds({ ...input, card: paid }, { ...input, card: { ...paid, price: cheaper } })
        holds({ ...input, card: paid }, { ...input, card: { ...paid, free: true } })
      }),
    )
  })

  it('by a quicker first token, quicker tokens, more success', () => {
    fc.assert(
      fc.property(inputs, performances, rate, (input, performance, factor) => {
        const first = performance.firstTokenMs ?? { p50: 500, p95: 900 }
        const at = (more: Partial<SeenPerformance>): ScoreInput => ({
          ...input,
          performance: { ...performance, firstTokenMs: first, ...more },
        })
        holds(at({}), at({ firstTokenMs: { p50: first.p50 * factor, p95: first.p95 * factor } }))
        const perToken = performance.msPerToken ?? 20
        holds(at({ msPerToken: perToken }), at({ msPerToken: perToken * factor }))
        holds(at({ successRate: performance.successRate * factor }), at({}))
      }),
    )
  })

  it('by a shorter rest, more allowance, an earlier place', () => {
    fc.assert(
      fc.property(inputs, ms, rate, rate, (input, rest, left, factor) => {
        holds(
          { ...input, standing: { usableInMs: rest } },
          { ...input, standing: { usableInMs: rest * factor } },
        )
        holds(
          { ...input, standing: { quotaLeft: left * factor } },
          { ...input, standing: { quotaLeft: left } },
        )
        holds({ ...input, place: input.place + 1 }, input)
      }),
    )
  })

  it('by more weights of an unpublished model', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 2_000, noNaN: true }),
        fc.double({ min: 1, max: 10, noNaN: true }),
        fc.constantFrom('chat' as const, 'code' as const),
        fc.boolean(),
        (billions, factor, task, coder) => {
          expect(bySize(billions * factor, task, coder)).toBeGreaterThanOrEqual(bySize(billions, task, coder))
        },
      ),
    )
  })
})

describe('what decides', () => {
  const context = (policy: PolicyName) => ({ task: 'chat', policy: POLICIES[policy] }) as const
  const hosted = (id: string, more: Partial<ModelCard> = {}): ModelCard =>
    card(id, { state: 'hosted', free: false, ...more })

  it('tells people why', () => {
    const { reasons } = scoreCandidate(
      candidate({
        model: 'meta-llama/llama-3.3-70b-instruct:free',
        card: hosted('meta-llama/llama-3.3-70b-instruct:free', { free: true }),
        performance: { firstTokenMs: { p50: 600, p95: 900 }, successRate: 0.98, samples: 50 },
      }),
      context('balanced'),
    )
    expect(reasons).toEqual([
      '70B',
      'answered 98 % of 50 lately',
      '0.6 s to first token lately',
      'free',
      'remote',
      'number 1 in the caller’s order',
    ])
  })

  it('says so where nothing is known, and takes it as neutral', () => {
    const { parts } = scoreCandidate(candidate({ model: 'unheard-of' }), context('balanced'))
    expect(parts.filter(({ known }) => !known).map(({ name, reason }) => [name, reason])).toEqual([
      ['quality', 'quality not known'],
      ['speed', 'speed not known'],
      ['availability', 'not tried lately'],
      ['price', 'price not known'],
    ])
  })

  it('a preset prefers what its name says', () => {
    const small = candidate({
      provider: 'small',
      model: 'gemma3:1b',
      performance: { firstTokenMs: { p50: 100, p95: 150 }, msPerToken: 5, successRate: 1, samples: 20 },
    })
    const large = candidate({
      provider: 'large',
      model: 'llama3.1:405b',
      performance: { firstTokenMs: { p50: 4_000, p95: 9_000 }, msPerToken: 60, successRate: 1, samples: 20 },
    })
    expect(rankCandidates([large, small], context('fast'))[0]?.input.provider).toBe('small')
    expect(rankCandidates([small, large], context('best'))[0]?.input.provider).toBe('large')
  })

  it('a model for code is better at code and no better at chat', () => {
    const coder = 'qwen2.5-coder:7b'
    const general = 'qwen2.5:7b'
    const quality = (model: string, task: 'chat' | 'code'): number =>
      guessQuality(model, undefined, task).value ?? 0
    expect(quality(coder, 'code')).toBeGreaterThan(quality(general, 'code'))
    expect(quality(coder, 'chat')).toBeLessThan(quality(general, 'chat'))
    expect(quality('my-coder-3b', 'code')).toBeGreaterThan(quality('my-chat-3b', 'code'))
  })

  it('failures that were seen lower the quality, one failure only a little', () => {
    const value = (performance?: SeenPerformance): number =>
      scoreCandidate(
        candidate({ model: 'llama3.1:8b', ...(performance && { performance }) }),
        context('best'),
      ).parts[0]?.value ?? 0
    const fresh = value()
    expect(value({ successRate: 0, samples: 1 })).toBeGreaterThan(fresh * 0.9)
    expect(value({ successRate: 0, samples: 100 })).toBeLessThan(fresh * 0.15)
  })
})

describe('priors of quality', () => {
  it('are found by every usual spelling of a model', () => {
    for (const id of [
      'llama3.1:8b',
      'llama3.1:8b-instruct-q4_K_M',
      'meta-llama/Llama-3.1-8B-Instruct',
      'Meta-Llama-3.1-8B-Instruct-GGUF',
      'meta-llama/llama-3.1-8b-instruct:free',
    ])
      expect(guessQuality(id, undefined, 'chat'), id).toEqual({ value: 0.483, reason: '8B' })
    expect(plainModelName('org/Qwen2.5_Coder:7b')).toBe('qwen-2.5-coder-7b')
  })

  it('do not speak for another size, nor for a model whose name only begins alike', () => {
    expect(guessQuality('qwen2.5:0.5b', undefined, 'chat').value).toBe(bySize(0.5, 'chat', false))
    expect(guessQuality('llama3.1', undefined, 'chat').value).toBeUndefined()
    expect(guessQuality('gpt-4onward', undefined, 'chat').value).toBeUndefined()
  })

  it('read sizes from names', () => {
    const sizes: [string, number | undefined][] = [
      ['gemma-3-270m', 0.27],
      ['mixtral-8x7b', 56],
      ['mixtral-8x-7b', 56],
      ['qwen-3-30b-a-3b', 30],
      ['phi-4', undefined],
      ['all-minilm-l6', undefined],
    ]
    for (const [name, size] of sizes) expect(billionsOfName(name), name).toBe(size)
  })

  it('hold the curve to the published numbers', () => {
    const misses = QUALITY_PRIORS.flatMap(({ family, billions, chat, code }) => {
      if (billions === undefined) return []
      const coder = family.includes('code')
      return [
        ...(chat === undefined ? [] : [Math.abs(chat - bySize(billions, 'chat', coder))]),
        ...(code === undefined ? [] : [Math.abs(code - bySize(billions, 'code', coder))]),
      ]
    }).sort((a, b) => a - b)
    expect(misses[Math.floor(misses.length / 2)]).toBeLessThan(0.08)
    expect(misses.every((miss) => miss < 0.45)).toBe(true)
  })
})

describe('floors and policies', () => {
  it('private lets nothing out and free costs nothing, whatever else is known', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        if (floorCrossed(POLICIES.private.floors, input.locality, input.card) === undefined) {
          expect(input.locality).toBe('local')
          expect(input.card?.state).not.toBe('hosted')
        }
        if (floorCrossed(POLICIES.free.floors, input.locality, input.card) === undefined)
          expect(input.card?.free === true || input.locality === 'local').toBe(true)
      }),
    )
  })

  it('a window known to be too small is out, an unknown one is not', () => {
    expect(floorCrossed({ minContextTokens: 8_000 }, 'remote', card('m', { contextTokens: 4_096 }))).toBe(
      'has a window of 4096 tokens, 8000 are needed',
    )
    expect(floorCrossed({ minContextTokens: 8_000 }, 'remote', card('m'))).toBeUndefined()
  })

  it('floors only add up', () => {
    const floors = fc.record(
      { localOnly: fc.boolean(), zeroCost: fc.boolean(), minContextTokens: fc.nat(10_000) },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(floors, floors, inputs, (one, other, { locality, card: model }) => {
        const either = floorCrossed(one, locality, model) ?? floorCrossed(other, locality, model)
        expect(floorCrossed(joinFloors(one, other), locality, model) === undefined).toBe(either === undefined)
      }),
    )
  })

  it('a policy of one’s own keeps the floors of its base', () => {
    expect(readPolicy({ base: 'private', weights: { speed: 9 } })).toMatchObject({
      weights: { speed: 9, quality: 3 },
      floors: { localOnly: true },
    })
  })

  it('refuses what is no policy, by name and way out', () => {
    const faults: [unknown, string][] = [
      ['fastest', 'policy'],
      [{ base: 'nope' }, 'policy.base'],
      [{ weights: { sped: 1 } }, 'policy.weights.sped'],
      [{ weights: { speed: -1 } }, 'policy.weights.speed'],
      [{ base: 'ordered', weights: { order: 0, availability: 0 } }, 'policy.weights'],
      [{ patienceMs: Number.NaN }, 'policy.patienceMs'],
    ]
    for (const [given, field] of faults) {
      expect(() => readPolicy(given as PolicyName), field).toThrow(
        expect.objectContaining({ code: 'bad-request', field }) as Error,
      )
    }
    expect(() => readPolicy('fats' as PolicyName)).toThrow(
      expect.objectContaining({ hint: 'Did you mean fast?' }) as Error,
    )
  })
})
