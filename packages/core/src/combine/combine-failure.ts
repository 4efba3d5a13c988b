import type { Attempt } from '../contract/attempt.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { CombineCandidate } from './combine-options.js'
import type { MemberReport } from './combined.js'
import type { Member } from './panel.js'

/** Too few usable answers came: `all-failed`, with the report about every member and every attempt. */
export class CombineFailure extends OpenMuxError {
  /** One for every candidate, in their order. */
  readonly members: readonly MemberReport[]

  constructor(
    members: readonly MemberReport[],
    attempts: readonly Attempt[],
    usable: number,
    quorum: number,
  ) {
    const told = members.flatMap(({ provider, model, why }) =>
      why === undefined ? [] : [`${provider}/${model}: ${why.replace(/\.$/, '')}`],
    )
    super({
      code: 'all-failed',
      message: `${usable} of the ${quorum} usable answers needed came. ${told.join('; ')}.`,
      hint:
        usable > 0
          ? 'Ask for fewer answers (quorum), or add providers or models.'
          : 'See the members for the reason of each.',
      attempts,
    })
    this.members = members
  }
}

/** Members as attempts, as every `all-failed` lists them. */
export function attemptsOf<A>(
  members: readonly Member<A>[],
  candidates: readonly CombineCandidate[],
): readonly Attempt[] {
  return candidates.flatMap(({ provider, model }, index) => {
    const { state = 'not-asked', startedAt, durationMs = 0, error } = members[index] ?? {}
    if (state === 'not-asked' || startedAt === undefined) return []
    const outcome =
      state === 'failed' || state === 'unusable' ? 'failed' : state === 'cancelled' ? 'aborted' : 'answered'
    return [
      {
        provider,
        model,
        startedAt,
        durationMs,
        outcome,
        ...(error !== undefined && { code: error.code, message: error.message }),
        ...(state === 'unusable' && { code: 'bad-response' as const, message: 'The answer cannot be used.' }),
      } satisfies Attempt,
    ]
  })
}
