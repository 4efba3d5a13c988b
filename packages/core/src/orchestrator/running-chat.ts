import type { StartEvent } from '../contract/chat-event.js'
import type { ChatRequest } from '../contract/chat-request.js'
import type { Message } from '../contract/message.js'
import type { Warning } from '../contract/warning.js'
import { attach } from '../errors/attach.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import type { PartialAnswer } from '../errors/partial-answer.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { Candidate } from '../run/candidate.js'
import { ChatAttempt } from '../run/chat-attempt.js'
import { addUsage } from '../run/estimate-usage.js'
import { hedgeDelay, settledWithin } from '../run/hedge-delay.js'
import { attemptLimits } from '../run/limits.js'
import { prefilled } from '../run/rescue.js'
import type { Release, Waiting } from '../run/slots.js'
import { mayBeSameModel } from '../plan/same-model.js'
import type { FittedHistory } from './fit-history.js'
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

/** How long a request stands in the queue of a busy provider while another one is ready, ms. */
const QUEUE_PATIENCE_MS = 10_000

/** Asks for a whole answer, as a request of its own. */
export type AskWhole = (input: ChatInput) => Promise<ChatResult>

/** A chat request on its way: starts attempts, and ends it in a result or an error that tells the whole story. */
export class RunningChat {
  readonly running: RunningRequest
  readonly #engine: Engine
  readonly #input: ChatInput
  readonly #messages: readonly Message[]
  readonly #ask: AskWhole

  private constructor(
    engine: Engine,
    input: ChatInput,
    messages: readonly Message[],
    running: RunningRequest,
    ask: AskWhole,
  ) {
    this.#engine = engine
    this.#input = input
    this.#messages = messages
    this.running = running
    this.#ask = ask
  }

  /** Checks the input and starts the clock. */
  static async begin(
    engine: Engine,
    input: ChatInput,
    streamed: boolean,
    ask: AskWhole,
  ): Promise<RunningChat> {
    const messages = checkChatInput(input)
    if (engine.opened !== undefined) await engine.opening(input.signal)
    const task = engine.taskOf(input, messages)
    const queue = engine.queue(
      input,
      task instanceof Promise ? await engine.unlessLeft(task, input.signal) : task,
      messages,
    )
    return new RunningChat(engine, input, messages, engine.begin(input, queue, streamed), ask)
  }

  /** Asks a candidate. `delivered`: it is to go on after this text, which is put into the request. Undefined: too many are ahead there, and somebody else is ready. */
  async attempt(candidate: Candidate, delivered?: string): Promise<ChatAttempt | undefined> {
    const { scope, failover, timeouts, onProgress } = this.running
    const engine = this.#engine
    const { provider, model } = candidate
    const fitted = this.#fitted(candidate)
    const { messages, warnings } = fitted instanceof Promise ? await fitted : fitted
    const request = chatRequest(this.#input, messages, model)
    const slot = this.#slot(candidate)
    const release = slot instanceof Promise ? await slot : slot
    if (release === undefined) return undefined
    try {
      // Loaded by requests that want it.
      const repetition =
        this.#input.stopLoops === true
          ? new (await import('../run/repetition.js')).RepetitionWatch()
          : undefined
      const begun = candidate.unnoted ?? engine.knowledge.begin(provider, model)
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
        begun,
        release,
        onStart: (start) => withWarnings(start, [...this.#warningsAbout(start, candidate), ...warnings]),
        guards: {
          refuseOtherModel: this.#input.onOtherModel === 'refuse',
          repetition,
        },
        ...told,
      })
    } catch (thrown) {
      release()
      throw thrown
    }
  }

  /** A slot of the provider; undefined when it is long in coming and somebody else could be asked. */
  #slot({ provider, model }: Candidate): Release | Promise<Release | undefined> {
    const { scope, onProgress } = this.running
    const taken = this.#engine.slots.take(provider.id, scope, (ahead) =>
      onProgress?.({ kind: 'queue', model, ahead }),
    )
    return typeof taken === 'function' ? taken : this.#turn(taken)
  }

  async #turn(taken: Waiting): Promise<Release | undefined> {
    const { scope, failover } = this.running
    const cancel = scope.clock.after(QUEUE_PATIENCE_MS, () => {
      failover.others().then(
        (others) => others && taken.leave(),
        () => undefined,
      )
    })
    try {
      return await taken.turn
    } finally {
      cancel()
    }
  }

  /** Opens an attempt up to its first piece; when it is late, one that costs nobody anything may overtake it. */
  async open(attempt: ChatAttempt): Promise<ChatAttempt> {
    const { scope, queue, failover } = this.running
    const { provider, model } = attempt.candidate
    const usual = this.#engine.knowledge.usualFirstTokenMs(provider, model)
    const opening = attempt.open()
    const mayRace = this.#engine.mayHedge(this.#input) && failover.attemptsLeft > 0
    const delay = mayRace ? hedgeDelay(usual) : undefined
    if (delay === undefined || (await settledWithin(opening, delay, scope.clock))) {
      await opening
      return attempt
    }
    const { isUnmetered, openWithRival } = await import('../run/hedge.js')
    return openWithRival(attempt, failover, async (isWanted) => {
      // One that would have to wait for its turn is no help; and one that is not wanted any more is left for a failover.
      const fits = (one: Candidate): boolean =>
        isWanted() && isUnmetered(one) && this.#engine.slots.free(one.provider.id)
      const rival = await queue.nextRival(scope, fits).catch(() => undefined)
      return rival && (await this.attempt(rival))
    })
  }

  /** The conversation as this candidate gets it: shortened where the caller allows it and its window demands it. */
  #fitted(candidate: Candidate): FittedHistory | Promise<FittedHistory> {
    const { history = 'refuse' } = this.#input
    const window = candidate.card?.contextTokens
    return history === 'refuse' || window === undefined
      ? { messages: this.#messages, warnings: [] }
      : this.#shortened(candidate, window)
  }

  async #shortened(candidate: Candidate, window: number): Promise<FittedHistory> {
    const { fitted } = await import('./fit-history.js')
    const { signal } = this.running.scope
    return fitted(this.#messages, this.#input, candidate, window, (input) => this.#ask({ ...input, signal }))
  }

  #warningsAbout({ model }: StartEvent, candidate: Candidate): readonly Warning[] {
    const notice = this.#engine.noticeOf(candidate.provider)
    const other = mayBeSameModel(candidate.model, model)
      ? undefined
      : `${candidate.model} was asked for, ${model} answered.`
    return [notice, other].flatMap((message) =>
      message === undefined ? [] : [{ kind: 'notice' as const, message }],
    )
  }

  /** The result of an attempt that was read to its end. `before`: attempts whose text is part of the answer. */
  result(attempt: ChatAttempt, before: readonly ChatAttempt[] = [], delivered?: Delivered): ChatResult {
    const { scope, queue, failover } = this.running
    const { answer, candidate } = attempt
    const all = before.length === 0 ? [attempt] : [...before, attempt]
    const { firstTokenAt } = all[0] ?? attempt
    const record = attempt.answered()
    for (const one of all) this.#engine.noticed(one.candidate.provider)
    queue.mark(record, 'answered')
    const now = this.#engine.clock.now()
    const usage = addUsage(all.flatMap((one) => one.usage ?? []))
    const result: ChatResult = {
      provider: candidate.provider.id,
      model: answer.model ?? candidate.model,
      ...(attempt.start?.servedBy !== undefined && { servedBy: attempt.start.servedBy }),
      text: delivered?.text ?? answer.text,
      reasoning: answer.reasoning === '' ? (delivered?.reasoning ?? '') : answer.reasoning,
      toolCalls: answer.toolCalls,
      // The reader lets no answer through without one.
      finishReason: answer.finishReason ?? 'other',
      ...(answer.rawFinishReason !== undefined && { rawFinishReason: answer.rawFinishReason }),
      ...(usage !== undefined && { usage }),
      warnings: [...all.flatMap((one) => one.start?.warnings ?? []), ...this.running.warnings],
      attempts: [...failover.attempts, record],
      ...lastResortMark(candidate),
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

/** What is told of an answer by a last resort. */
export function lastResortMark({ card }: Candidate): { readonly lastResort?: string } {
  return card?.lastResort === undefined ? {} : { lastResort: card.lastResort }
}

function withWarnings(start: StartEvent, warnings: readonly Warning[]): StartEvent {
  return warnings.length === 0 ? start : { ...start, warnings: [...start.warnings, ...warnings] }
}

/** What the provider gets: the generation options and the floor, without the other routing options. */
function chatRequest(input: ChatInput, messages: readonly Message[], model: string): ChatRequest {
  const given: Record<string, unknown> = {}
  for (const key of GENERATION_KEYS) if (input[key] !== undefined) given[key] = input[key]
  return { ...given, model, messages, ...(input.localOnly === true && { localOnly: true }) }
}
