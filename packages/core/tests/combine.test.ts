import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineAnswers } from '../src/combine/combine-answers.js'
import { CombineFailure } from '../src/combine/combine-failure.js'
import type { CombineOptions } from '../src/combine/combine-options.js'
import { type CombinableAnswer, COMBINE_STRATEGIES, type CombinedAnswer } from '../src/combine/combined.js'
import type { AskJudge } from '../src/combine/decide.js'
import { isOpenMuxError, type Message, OpenMuxError } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock } from './support/manual-clock.js'

/** What one candidate does when asked: answers or fails after a while, or never. */
type Act = { readonly after: number } & (
  | { readonly text: string }
  | { readonly error: OpenMuxError }
  | { readonly hangs: true }
)

const question: readonly Message[] = [{ role: 'user', content: 'What is 6 times 7?' }]
const usage = { inputTokens: 10, outputTokens: 2 }
const broken = new OpenMuxError({ code: 'unavailable', message: 'It is down.' })
const says = (text: string, after = 1): Act => ({ text, after })
const fails = (after = 1): Act => ({ error: broken, after })

/** A panel on a clock of its own, watched while it works. */
class Stage {
  readonly clock = new ManualClock()
  readonly asked: number[] = []
  readonly left: number[] = []
  underWay = 0
  mostUnderWay = 0
  judgements = 0

  readonly acts: readonly Act[]

  constructor(acts: readonly Act[]) {
    this.acts = acts
  }

  readonly ask = (index: number, signal: AbortSignal): Promise<CombinableAnswer> => {
    this.asked.push(index)
    this.underWay += 1
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    const act = this.acts[index] ?? fails()
    return new Promise<CombinableAnswer>((resolve, reject) => {
      let settled = false
      // Who hangs is ended by a time limit far away, as every real call is.
      const cancel = this.clock.after('hangs' in act ? 1e6 : act.after, () => {
        settled = true
        if ('text' in act) resolve({ text: act.text, usage })
        else reject('error' in act ? act.error : broken)
      })
      signal.addEventListener('abort', () => {
        if (settled) return
        this.left.push(index)
        cancel()
        reject(signal.reason as Error)
      })
    }).finally(() => {
      this.underWay -= 1
    })
  }

  judge(reply: string | Error): AskJudge {
    return async () => {
      this.judgements += 1
      if (reply instanceof Error) throw reply
      return { text: reply, usage, provider: 'j', model: 'judge' }
    }
  }

  run(options: Partial<CombineOptions>, judge?: AskJudge): Promise<CombinedAnswer<CombinableAnswer>> {
    return this.clock.runUntil(
      combineAnswers(
        {
          strategy: 'first',
          candidates: this.acts.map((_act, index) => ({ provider: `p${index}`, model: 'm' })),
          question,
          clock: this.clock,
          ...options,
        },
        this.ask,
        judge,
      ),
    )
  }
}

const stage = (...acts: Act[]): Stage => new Stage(acts)

describe('several models, one answer', () => {
  it('first: asks one, and the next only when that fails', async () => {
    const easy = stage(says('42'), says('43'))
    expect(await easy.run({})).toMatchObject({ text: '42', winner: 0, calls: 1, used: 'first' })
    const hard = stage(fails(), says(' '), says('42'), says('43'))
    const result = await hard.run({})
    expect(result).toMatchObject({ text: '42', winner: 2, calls: 3 })
    expect(result.members.map(({ outcome }) => outcome)).toEqual(['failed', 'unusable', 'won', 'not-asked'])
    expect(result.members[0]).toMatchObject({ code: 'unavailable', why: 'It is down.', durationMs: 1 })
    expect(result.usage).toMatchObject({ inputTokens: 20, estimated: true })
  })

  it('first: with one extra, the fastest usable answer wins and the other is cancelled', async () => {
    const race = stage(says('slow', 100), says('fast', 10), says('never asked', 1))
    const result = await race.run({ extra: 1 })
    expect(result).toMatchObject({ text: 'fast', winner: 1, calls: 2 })
    expect(race.left).toEqual([0])
    expect(result.members.map(({ outcome }) => outcome)).toEqual(['cancelled', 'won', 'not-asked'])
    expect(race.clock.pending).toBe(0)
  })

  it('asks exactly N of M, never N answers and a few more', async () => {
    const instant = stage(says('a', 0), says('b', 0), says('c', 0), says('d', 0))
    const result = await instant.run({ strategy: 'merge', answers: 2, extra: 2 })
    expect(result.answers).toHaveLength(2)
    const plain = stage(says('a'), says('b'), says('c'), says('d'))
    expect((await plain.run({ strategy: 'merge', answers: 2 })).calls).toBe(2)
    expect(plain.asked).toEqual([0, 1])
  })

  it('merge: puts answers together in the order of candidates, not of arrival', async () => {
    const { text, used } = await stage(says('First.', 50), says('Second.', 1)).run({ strategy: 'merge' })
    expect(text).toBe('**p0/m**\n\nFirst.\n\n**p1/m**\n\nSecond.')
    expect(used).toBe('merge')
  })

  it('vote: takes what most say, and stops when nobody can overtake', async () => {
    const panel = stage(says('41'), says('42'), says('The answer is 42.'), says('late', 500))
    const result = await panel.run({ strategy: 'vote', answers: 4, concurrency: 4 })
    expect(result).toMatchObject({ text: '42', winner: 1, decidedBy: '2 of 4 votes' })
    const sure = stage(says('42'), says('42'), says('late', 500))
    const early = await sure.run({ strategy: 'vote', answers: 3 })
    expect(early).toMatchObject({ text: '42', decidedBy: '2 of 2 votes' })
    expect(sure.left).toEqual([2])
    expect(early.members.map(({ outcome }) => outcome)).toEqual(['won', 'used', 'cancelled'])
  })

  it('vote: stops as soon as so many agree as asked for', async () => {
    const panel = stage(says('a'), says('b'), says('b'), says('c', 500), says('c', 500))
    expect(await panel.run({ strategy: 'vote', answers: 5, agree: 2 })).toMatchObject({ text: 'b' })
  })

  it('vote: says when a tie was decided by the order', async () => {
    const { text, decidedBy } = await stage(says('x', 9), says('y', 1)).run({ strategy: 'vote' })
    expect(text).toBe('x')
    expect(decidedBy).toContain('tie')
  })

  it('best: takes what the judge prefers, with its reason and its usage', async () => {
    const panel = stage(says('41'), says('42'), says('43'))
    // Whatever letter the seed gives it: the judge looks for the text.
    const judge: AskJudge = async (messages) => {
      const letter = /<answer-([A-C])>\\n42\\n/.exec(JSON.stringify(messages[1]?.content))?.[1]
      return { text: JSON.stringify({ best: letter, reason: 'it is right' }), usage }
    }
    for (let seed = 0; seed < 6; seed += 1) {
      const result = await stage(...panel.acts).run({ strategy: 'best', seed }, judge)
      expect(result).toMatchObject({
        text: '42',
        winner: 1,
        used: 'best',
        calls: 4,
        usage: { inputTokens: 40 },
      })
      expect(result.judge).toMatchObject({ outcome: 'decided', reason: 'it is right' })
    }
  })

  it('best: a judge that fails or abstains costs no answer, and the result says so', async () => {
    for (const [reply, outcome] of [
      [broken, 'failed'],
      ['none', 'abstained'],
      ['', 'failed'],
      ['what?', 'abstained'],
    ] as const) {
      const panel = stage(says('41', 9), says('42'))
      const result = await panel.run({ strategy: 'best' }, panel.judge(reply))
      expect(result).toMatchObject({ text: '41', used: 'first', strategy: 'best', judge: { outcome } })
      expect(result.decidedBy).toContain('because')
    }
    expect(await stage(says('41'), says('42')).run({ strategy: 'best' })).toMatchObject({
      text: '41',
      used: 'first',
    })
  })

  it('best: no judge is asked when all agree', async () => {
    const panel = stage(says('42'), says('42.'))
    expect(await panel.run({ strategy: 'best' }, panel.judge('A'))).toMatchObject({ text: '42', calls: 2 })
    expect(panel.judgements).toBe(0)
  })

  it('summary: is only what a model wrote; else the answers are put together, under that name', async () => {
    const good = stage(says('One.'), says('Two.'))
    expect(await good.run({ strategy: 'summary' }, good.judge('One and two.'))).toMatchObject({
      text: 'One and two.',
      used: 'summary',
      calls: 3,
      judge: { provider: 'j', model: 'judge' },
    })
    const bad = stage(says('One.'), says('Two.'))
    const result = await bad.run({ strategy: 'summary' }, bad.judge(broken))
    expect(result).toMatchObject({ used: 'merge', judge: { outcome: 'failed', code: 'unavailable' } })
    expect(result.decidedBy).toContain('unavailable')
    expect(result.winner).toBeUndefined()
  })

  it('misses the quorum with an error that reports every member', async () => {
    const panel = stage(says('42'), fails(), fails())
    const error = await failureOf(panel.run({ strategy: 'merge', quorum: 2 }))
    expect(error).toBeInstanceOf(CombineFailure)
    expect(isOpenMuxError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'all-failed' })
    expect((error as CombineFailure).members.map(({ outcome }) => outcome)).toEqual([
      'used',
      'failed',
      'failed',
    ])
    expect(error.attempts?.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['answered', undefined],
      ['failed', 'unavailable'],
      ['failed', 'unavailable'],
    ])
    expect(error.message).toContain('p1/m: It is down')
  })

  it('stops asking as soon as the quorum cannot be reached any more', async () => {
    const panel = stage(fails(), says('42', 500), says('43', 500))
    const error = await failureOf(panel.run({ strategy: 'merge', exact: true, answers: 3 }))
    expect(error.code).toBe('all-failed')
    expect(panel.left).toEqual([1, 2])
  })

  it('does not ask others what the request itself is at fault for', async () => {
    const panel = stage(
      { error: new OpenMuxError({ code: 'bad-request', message: 'No.' }), after: 1 },
      says('42'),
    )
    expect((await failureOf(panel.run({}))).code).toBe('all-failed')
    expect(panel.asked).toEqual([0])
  })

  it('asks nobody when there are too few candidates', async () => {
    const panel = stage(says('42'))
    expect((await failureOf(panel.run({ strategy: 'vote', quorum: 2, answers: 2 }))).code).toBe(
      'no-candidate',
    )
    expect((await failureOf(stage().run({}))).code).toBe('no-candidate')
    expect(panel.asked).toEqual([])
  })

  it('ends at once when the caller leaves, even from those who do not listen', async () => {
    const caller = new AbortController()
    const deaf = (): Promise<CombinableAnswer> => new Promise(() => undefined)
    const options: CombineOptions = {
      strategy: 'vote',
      candidates: [{ provider: 'p', model: 'm' }],
      question,
      clock: new ManualClock(),
      signal: caller.signal,
    }
    const answer = failureOf(combineAnswers(options, deaf))
    caller.abort()
    expect((await answer).code).toBe('aborted')
    expect((await failureOf(combineAnswers(options, deaf))).code).toBe('aborted')
    const judging = new AbortController()
    const talk = combineAnswers(
      {
        ...options,
        signal: judging.signal,
        strategy: 'best',
        candidates: [...options.candidates, { provider: 'q', model: 'm' }],
      },
      async (index) => ({ text: String(index) }),
      () => {
        setImmediate(() => judging.abort())
        return deaf()
      },
    )
    expect((await failureOf(talk)).code).toBe('aborted')
  })

  it('takes a candidate that throws at once for a failed one', async () => {
    const clock = new ManualClock()
    const candidates = ['a', 'b'].map((provider) => ({ provider, model: 'm' }))
    const result = await combineAnswers({ strategy: 'first', candidates, question, clock }, (index) => {
      if (index === 0) throw new Error('a bug')
      return Promise.resolve({ text: 'ok' })
    })
    expect(result).toMatchObject({ text: 'ok', winner: 1 })
  })

  for (const [options, field] of [
    [{ strategy: 'poll' as never }, 'strategy'],
    [{ strategy: 'vote', answers: 0 }, 'answers'],
    [{ strategy: 'vote', answers: 1.5 }, 'answers'],
    [{ strategy: 'vote', answers: 9 }, 'answers'],
    [{ strategy: 'best', answers: 8 }, 'answers'],
    [{ strategy: 'best', maxCalls: 1 }, 'maxCalls'],
    [{ strategy: 'vote', answers: 2, quorum: 3 }, 'quorum'],
    [{ strategy: 'first', answers: 2 }, 'answers'],
    [{ strategy: 'vote', concurrency: 0 }, 'concurrency'],
  ] as const) {
    it(`refuses ${JSON.stringify(options)} and names the field`, async () => {
      const panel = stage(says('a'), says('b'), says('c'))
      expect(await failureOf(panel.run(options))).toMatchObject({ code: 'bad-request', field })
      expect(panel.asked).toEqual([])
    })
  }
})

describe('whatever happens', () => {
  const act: fc.Arbitrary<Act> = fc
    .tuple(fc.constantFrom('42', '43', '', 'fails', 'hangs'), fc.nat(5))
    .map(([what, after]) =>
      what === 'fails' ? fails(after) : what === 'hangs' ? { hangs: true, after } : says(what, after),
    )
  const options = fc.record(
    {
      strategy: fc.constantFrom(...COMBINE_STRATEGIES),
      answers: fc.integer({ min: 1, max: 5 }),
      quorum: fc.integer({ min: 1, max: 3 }),
      exact: fc.boolean(),
      maxCalls: fc.integer({ min: 1, max: 7 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
      extra: fc.nat(3),
      agree: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: ['strategy', 'maxCalls'] },
  )

  it('the cap on calls holds, nobody is asked twice, the report is whole, and nothing is left behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 8 }),
        options,
        fc.constantFrom('{"best":"A"}', 'none', 'fails'),
        async (acts, given, reply) => {
          const panel = stage(...acts)
          const judge = panel.judge(reply === 'fails' ? broken : reply)
          const outcome = await panel.run(given, judge).catch((error: unknown) => error)
          expect(panel.asked.length + panel.judgements).toBeLessThanOrEqual(given.maxCalls)
          expect(new Set(panel.asked)).toHaveLength(panel.asked.length)
          if (given.concurrency !== undefined)
            expect(panel.mostUnderWay).toBeLessThanOrEqual(given.concurrency)
          if (given.answers !== undefined && given.extra === undefined)
            expect(panel.mostUnderWay).toBeLessThanOrEqual(given.answers)
          expect(panel.clock.pending).toBe(0)
          expect(panel.underWay).toBe(0)
          if (outcome instanceof OpenMuxError) {
            expect(['bad-request', 'no-candidate', 'all-failed']).toContain(outcome.code)
            if (outcome instanceof CombineFailure) expect(outcome.members).toHaveLength(acts.length)
            return
          }
          const result = outcome as CombinedAnswer<CombinableAnswer>
          expect(result.calls).toBe(panel.asked.length + panel.judgements)
          expect(result.members).toHaveLength(acts.length)
          expect(result.text.trim()).not.toBe('')
          expect(result.answers.length).toBeGreaterThanOrEqual(given.quorum ?? 1)
          if (given.answers !== undefined) expect(result.answers.length).toBeLessThanOrEqual(given.answers)
          if (given.exact === true && given.answers !== undefined && given.strategy !== 'vote')
            expect(result.answers).toHaveLength(given.answers)
          const asked = result.members.filter(({ outcome: became }) => became !== 'not-asked')
          expect(asked).toHaveLength(panel.asked.length)
        },
      ),
      { numRuns: 300 },
    )
  })
})
