import { CombineFailure, attemptsOf } from './combine-failure.js'
import { type CombineOptions, planCombine } from './combine-options.js'
import type { CombinableAnswer, CombinedAnswer, MemberReport } from './combined.js'
import { type AskJudge, decide, type Decision, type UsableAnswer } from './decide.js'
import { type Ask, askPanel, type Member } from './panel.js'
import { totalUsage } from './total-usage.js'

/**
 * Puts one request to several models and makes one answer of theirs. `ask` calls one candidate; `askJudge` calls
 * the model that judges (`best`) or writes (`summary`). At most `maxCalls` calls are made, whatever fails.
 *
 * Errors: `bad-request` (an option), `no-candidate` (fewer candidates than the quorum), `all-failed` as a
 * {@link CombineFailure} with every member's report (too few usable answers), `aborted`. A judge or summariser that
 * fails is no error: the next best is done and `used` and `decidedBy` say so.
 */
export async function combineAnswers<A extends CombinableAnswer>(
  options: CombineOptions<A>,
  ask: Ask<A>,
  askJudge?: AskJudge,
): Promise<CombinedAnswer<A>> {
  const plan = planCombine(options)
  const members = await askPanel(options, plan, ask)
  const usable = usableAnswers(members)
  const fastest = usable.reduce<UsableAnswer<A> | undefined>(
    (best, one) =>
      best === undefined || endOf(members[one.index]) < endOf(members[best.index]) ? one : best,
    undefined,
  )
  if (fastest === undefined || usable.length < plan.quorum) {
    const reports = reportsOf(options, members, undefined)
    throw new CombineFailure(reports, attemptsOf(members, options.candidates), usable.length, plan.quorum)
  }
  const decision = await decide(options, usable, fastest, askJudge)
  const asked = members.filter(({ state }) => state !== 'not-asked').length
  const usages = [...members.map(({ answer }) => answer?.usage), decision.judge?.usage]
  const told = usages.filter((usage) => usage !== undefined)
  const calls = asked + (decision.judge === undefined ? 0 : 1)
  const usage = totalUsage(told, calls - told.length)
  return {
    ...decision,
    strategy: options.strategy,
    answers: usable,
    members: reportsOf(options, members, decision),
    calls,
    ...(usage !== undefined && { usage }),
  }
}

function usableAnswers<A>(members: readonly Member<A>[]): readonly UsableAnswer<A>[] {
  return members.flatMap(({ state, answer }, index) =>
    state === 'usable' && answer !== undefined ? [{ index, answer }] : [],
  )
}

function endOf(member: Member<unknown> | undefined): number {
  return (member?.startedAt ?? 0) + (member?.durationMs ?? 0)
}

function reportsOf<A extends CombinableAnswer>(
  { candidates }: CombineOptions<A>,
  members: readonly Member<A>[],
  decision: Decision | undefined,
): readonly MemberReport[] {
  return candidates.map((candidate, index) => {
    const { state = 'not-asked', durationMs, answer, error } = members[index] ?? {}
    return {
      provider: answer?.provider ?? candidate.provider,
      model: answer?.model ?? candidate.model,
      outcome:
        state === 'usable'
          ? decision?.winner === index
            ? 'won'
            : 'used'
          : state === 'asked'
            ? 'cancelled'
            : state,
      ...(durationMs !== undefined && { durationMs }),
      ...(answer?.usage !== undefined && { usage: answer.usage }),
      ...(error !== undefined && { code: error.code }),
      ...whyOf(state, error?.message),
    }
  })
}

function whyOf(state: Member<unknown>['state'], message: string | undefined): { readonly why?: string } {
  switch (state) {
    case 'failed':
      return { why: message ?? 'it failed' }
    case 'unusable':
      return { why: 'its answer is empty or cannot be used' }
    case 'cancelled':
    case 'asked':
      return { why: 'the outcome was clear before it answered' }
    case 'not-asked':
      return { why: 'it was not needed' }
    case 'usable':
      return {}
  }
}
