import fc from 'fast-check'
import type { Claim, Ledger, LimitReport, OpenMuxError } from '../../src/index.js'
import { anyError, MINUTE, NOON, target } from './ledger.js'

/** One thing that happens to a ledger. */
export interface StoryStep {
  readonly waitMs: number
  readonly model: string
  readonly provider: string
  readonly random: number
  readonly act: 'answer' | 'fail' | 'leave' | 'forget'
  readonly error: OpenMuxError
  readonly report: LimitReport | undefined
  readonly firstTokenMs: number
}

/** Many things that happen to a ledger: to `names` models of as many providers. */
export function stories(names: number, maxLength = 60): fc.Arbitrary<readonly StoryStep[]> {
  const report: fc.Arbitrary<LimitReport> = fc
    .record({
      rule: fc.constantFrom('free-day', 'free-minute', 'other', undefined),
      scope: fc.constantFrom('account', 'model', 'endpoint'),
      unit: fc.constantFrom('requests', 'tokens'),
      limit: fc.option(fc.nat(100), { nil: undefined }),
      remaining: fc.option(fc.nat(60), { nil: undefined }),
      untilMs: fc.option(fc.nat(10 * MINUTE), { nil: undefined }),
    })
    .map(({ rule, scope, unit, limit, remaining, untilMs }) => ({
      scope,
      unit,
      source: 'story',
      ...(rule !== undefined && { rule }),
      ...(limit !== undefined && { limit }),
      ...(remaining !== undefined && { remaining }),
      ...(untilMs !== undefined && { until: NOON + untilMs }),
    }))
  return fc.array(
    fc.record({
      waitMs: fc.integer({ min: 0, max: MINUTE }),
      model: fc.nat(names).map((index) => (index % 2 === 0 ? `m${index}:free` : `m${index}`)),
      provider: fc.nat(names).map((index) => `p${index}`),
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
      act: fc.constantFrom('answer', 'fail', 'fail', 'fail', 'leave', 'forget'),
      error: anyError(NOON),
      report: fc.option(report, { nil: undefined }),
      firstTokenMs: fc.nat(20_000),
    }),
    { maxLength },
  )
}

/** Plays a story, and answers the time at its end. */
export function play(ledger: Ledger, story: readonly StoryStep[], from: number = NOON): number {
  let now = from
  for (const step of story) {
    now += step.waitMs
    const to = target(step.model, { provider: step.provider, origin: `${step.provider}.example:443` })
    if (step.act === 'forget') {
      ledger.forget(step.provider, now)
      continue
    }
    const claim: Claim = ledger.begin(to, now)
    if (step.report !== undefined) ledger.note(step.provider, step.model, step.report, now, claim)
    if (step.act === 'leave') continue
    ledger.settle(
      claim,
      step.act === 'answer'
        ? {
            result: 'answered',
            firstTokenMs: step.firstTokenMs,
            durationMs: step.firstTokenMs * 2,
            outputTokens: 10,
          }
        : { result: 'failed', error: step.error },
      now,
      step.random,
    )
  }
  return now
}
