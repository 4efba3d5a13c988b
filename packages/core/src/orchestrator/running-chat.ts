import type { StartEvent } from '../contract/chat-event.js'
import type { ChatRequest } from '../contract/chat-request.js'
import type { Message } from '../contract/message.js'
import { attach } from '../errors/attach.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import type { PartialAnswer } from '../errors/partial-answer.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { Candidate } from '../run/candidate.js'
import { ChatAttempt } from '../run/chat-attempt.js'
import { addUsage } from '../run/estimate-usage.js'
import { hedgeDelay, isUnmetered, openWithRival } from '../run/hedge.js'
import { attemptLimits } from '../run/limits.js'
import { prefilled } from '../run/rescue.js'
import { checkChatInput, GENERATION_KEYS } from './check-input.js'
import type { ChatInput } from './chat-input.js'
import type { Engine } from './engine.js'
import type { ChatResult } from './results.js'
import type { RunningRequest } from './running-request.js'

/** What a caller has seen of an answer that broke off. */
export interface Delivered {
  readonly text: string
  readonly reasoning: string
}

/** A chat request on its way: starts attempts, and ends it in a result or an error that tells the whole story. */
export class RunningChat {
  readonly running: RunningRequest
  readonly #engine: Engine
  readonly #input: ChatInput
  readonly #messages: readonly Message[]

  constructor(engine: Engine, input: ChatInput, streamed: boolean) {
    this.#engine = engine
    this.#input = input
    this.#messages = checkChatInput(input)
    const queue = engine.queue(input, input.task, this.#messages)
    this.running = engine.begin(input, queue, streamed)
  }

  get input(): ChatInput {
    return this.#input
  }

  /** Asks a candidate. `delivered`: it is to go on after this text, which is put into the request. */
  async attempt(candidate: Candidate, delivered?: string): Promise<ChatAttempt> {
    const { scope, failover, timeouts, onProgress } = this.running
    const engine = this.#engine
    const { provider, model } = candidate
    const request = chatRequest(this.#input, this.#messages, model)
    const taken = engine.slots.take(provider.id, scope, (ahead) =>
      onProgress?.({ kind: 'queue', model, ahead }),
    )
    const release = taken instanceof Promise ? await taken : taken
    try {
      const begun = engine.knowledge.begin(provider, model)
      const told = this.running.tellAttempt(candidate, begun)
      return new ChatAttempt({
        candidate,
        request: delivered === undefined ? request : prefilled(request, delivered),
        scope,
        limits: attemptLimits(
          provider.locality,
          timeouts,
          engine.knowledge.usualFirstTokenMs(provider, model),
        ),
        onProgress,
        others: () => failover.others(),
        continues: delivered !== undefined,
        begun,
        release,
        onStart: (start) => withNotice(start, engine.noticeOf(provider)),
        ...told,
      })
    } catch (thrown) {
      release()
      throw thrown
    }
  }

  /** Opens an attempt up to its first piece; when it is late, one that costs nobody anything may overtake it. */
  async open(attempt: ChatAttempt): Promise<ChatAttempt> {
    const { scope, queue, failover } = this.running
    const { provider, model } = attempt.candidate
    const usual = this.#engine.knowledge.usualFirstTokenMs(provider, model)
    const mayRace = this.#engine.mayHedge(this.#input) && failover.attemptsLeft > 0
    const delay = mayRace ? hedgeDelay(usual) : undefined
    if (delay === undefined) {
      await attempt.open()
      return attempt
    }
    return openWithRival(attempt, delay, scope, failover, async () => {
      const rival = await queue.nextRival(scope, isUnmetered).catch(() => undefined)
      return rival && this.attempt(rival)
    })
  }

  /** The result of an attempt that was read to its end. `before`: attempts whose text is part of the answer. */
  result(attempt: ChatAttempt, before: readonly ChatAttempt[] = [], delivered?: Delivered): ChatResult {
    const { scope, queue, failover } = this.running
    const { answer, candidate } = attempt
    const first = before[0] ?? attempt
    const { firstTokenAt } = first
    const record = attempt.answered()
    queue.mark(record, 'answered')
    const now = this.#engine.clock.now()
    const usage = addUsage([...before, attempt].flatMap((one) => one.usage ?? []))
    const result: ChatResult = {
      provider: candidate.provider.id,
      model: answer.model ?? candidate.model,
      text: delivered?.text ?? answer.text,
      reasoning: answer.reasoning === '' ? (delivered?.reasoning ?? '') : answer.reasoning,
      toolCalls: answer.toolCalls,
      // The reader lets no answer through without one.
      finishReason: answer.finishReason ?? 'other',
      ...(answer.rawFinishReason !== undefined && { rawFinishReason: answer.rawFinishReason }),
      ...(usage !== undefined && { usage }),
      warnings: [
        ...[...before, attempt].flatMap((one) => one.start?.warnings ?? []),
        ...this.running.warnings,
      ],
      attempts: [...failover.attempts, record],
      decision: queue.decision(),
      durationMs: now - scope.startedAt,
      resumed: before.length,
      ...(firstTokenAt !== undefined && { firstTokenMs: firstTokenAt - scope.startedAt }),
    }
    this.running.tellEnd({ result })
    return result
  }

  /** The error the request ends with: typed, with every attempt, the decision and what had come. */
  failure(thrown: unknown, partial?: PartialAnswer): OpenMuxError {
    const { queue, failover } = this.running
    const error = attach(toOpenMuxError(thrown), {
      attempts: failover.attempts,
      decision: queue.decision(),
    })
    // What the caller has seen, not what the last attempt had.
    if (partial !== undefined && error.partial?.other === undefined) Object.assign(error, { partial })
    this.running.tellEnd({ error })
    return error
  }
}

function withNotice(start: StartEvent, notice: string | undefined): StartEvent {
  return notice === undefined
    ? start
    : { ...start, warnings: [...start.warnings, { kind: 'notice', message: notice }] }
}

/** What the provider gets: the generation options and the floor, without the other routing options. */
function chatRequest(input: ChatInput, messages: readonly Message[], model: string): ChatRequest {
  const given: Record<string, unknown> = {}
  for (const key of GENERATION_KEYS) if (input[key] !== undefined) given[key] = input[key]
  return { ...given, model, messages, ...(input.localOnly === true && { localOnly: true }) }
}
