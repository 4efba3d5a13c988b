import type { Attempt } from '../contract/attempt.js'
import type { Clock } from '../contract/clock.js'
import type { Message } from '../contract/message.js'
import { isOpenMuxError, OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import type { CombineCandidate } from './combine-options.js'
import { type Panel, UNKNOWN_PROVIDER } from './combine-request.js'

/** The request as one member gets it: pinned, one attempt, every floor of the caller kept. */
export function memberInput(
  { input, decision }: Panel,
  { provider, model }: CombineCandidate,
  signal: AbortSignal,
  memberMs: number,
): ChatInput {
  const { prefer: _others, ...rest } = input
  const { task } = decision
  const own = input.timeouts?.totalMs ?? 0
  const totalMs = memberMs > 0 && own > 0 ? Math.min(memberMs, own) : memberMs
  return {
    ...rest,
    ...(provider === UNKNOWN_PROVIDER ? { model } : { provider, model }),
    // Found out once, for all.
    ...(task !== 'embeddings' && { task }),
    maxAttempts: 1,
    hedge: false,
    signal,
    ...(totalMs > 0 && { timeouts: { ...input.timeouts, totalMs } }),
  }
}

/** The request to the model that judges or writes: the caller's floors, none of its other wishes. */
export function judgeInput(
  { input }: Panel,
  judge: string,
  messages: readonly Message[],
  signal: AbortSignal,
  writes: boolean,
): ChatInput {
  const { localOnly, zeroCost, minContextTokens, languages, policy, timeouts, providerOptions, onProgress } =
    input
  const { maxTokens, responseFormat, reasoning } = input
  return {
    messages,
    model: judge,
    task: 'chat',
    maxAttempts: 1,
    hedge: false,
    signal,
    ...(localOnly !== undefined && { localOnly }),
    ...(zeroCost !== undefined && { zeroCost }),
    ...(minContextTokens !== undefined && { minContextTokens }),
    ...(languages !== undefined && { languages }),
    ...(policy !== undefined && { policy }),
    ...(timeouts !== undefined && { timeouts }),
    ...(providerOptions !== undefined && { providerOptions }),
    ...(onProgress !== undefined && { onProgress }),
    ...(reasoning !== undefined && { reasoning }),
    ...(writes
      ? {
          ...(maxTokens !== undefined && { maxTokens }),
          ...(responseFormat !== undefined && { responseFormat }),
        }
      : { temperature: 0 }),
  }
}

/**
 * A member's failure as the panel should take it: one that says only that this member could not even be asked is no
 * fault of the request, and others may be asked.
 */
export function memberFailure(thrown: unknown): unknown {
  if (!isOpenMuxError(thrown) || thrown.next !== 'nowhere' || (thrown.attempts?.length ?? 0) > 0)
    return thrown
  const { code, message, hint, provider, model, remedies, until } = thrown
  if (code === 'bad-request' || code === 'aborted') return thrown
  return new OpenMuxError({
    code,
    next: 'elsewhere',
    message,
    hint,
    provider,
    model,
    remedies,
    until,
    cause: thrown,
  })
}

/** Every call of one combined request, so that none is missing in its story. */
export class CallLog {
  readonly #clock: Clock
  readonly #underWay = new Map<object, { readonly target: CombineCandidate; readonly startedAt: number }>()
  readonly #attempts: Attempt[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Notes what one call leads to. */
  async of<T extends { readonly attempts: readonly Attempt[] }>(
    target: CombineCandidate,
    call: () => Promise<T>,
  ): Promise<T> {
    const token = {}
    const startedAt = this.#clock.now()
    this.#underWay.set(token, { target, startedAt })
    const settle = (attempts: readonly Attempt[]): void => {
      // Whatever comes after the end was told as cut short already.
      if (this.#underWay.delete(token)) this.#attempts.push(...attempts)
    }
    try {
      const result = await call()
      settle(result.attempts)
      return result
    } catch (thrown) {
      const { attempts, code, message } = toOpenMuxError(thrown, target.provider, target.model)
      const durationMs = this.#clock.now() - startedAt
      const { provider, model } = target
      // Without a story of its own: the answer came, and could not be used.
      settle(attempts ?? [{ provider, model, startedAt, durationMs, outcome: 'failed', code, message }])
      throw thrown
    }
  }

  /** All attempts by the time they began; what is still under way was cut short. */
  end(): readonly Attempt[] {
    const now = this.#clock.now()
    for (const { target, startedAt } of this.#underWay.values()) {
      const { provider, model } = target
      this.#attempts.push({ provider, model, startedAt, durationMs: now - startedAt, outcome: 'aborted' })
    }
    this.#underWay.clear()
    return this.#attempts.toSorted((a, b) => a.startedAt - b.startedAt)
  }
}
