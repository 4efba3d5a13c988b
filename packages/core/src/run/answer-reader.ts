import type { ArrivingIterator } from '../contract/arriving.js'
import type { CallContext } from '../contract/call-context.js'
import type { ChatEvent } from '../contract/chat-event.js'
import type { ChatRequest } from '../contract/chat-request.js'
import type { LimitReport } from '../contract/limit.js'
import type { Progress } from '../contract/progress.js'
import type { Provider } from '../contract/provider.js'
import type { TimeoutPhase } from '../errors/error-codes.js'
import { attach } from '../errors/attach.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { providersFailure } from '../errors/to-openmux-error.js'
import { mayBeSameModel } from '../plan/same-model.js'
import { AnswerBuilder } from './answer-builder.js'
import { AnswerSize } from './answer-size.js'
import { brokenAnswer } from './broken-answer.js'
import type { RepetitionWatch } from './repetition.js'
import type { RequestScope } from './request-scope.js'

/** How long a provider may take to end after its last event, ms. */
const GRACE_MS = 1_000

/** What is refused in an answer beyond what is broken. */
export interface AnswerGuards {
  /** An answer by another model than the one asked for. */
  readonly refuseOtherModel: boolean
  /** Recognises an answer that repeats itself over and over. Of this attempt alone; absent: it is not refused. */
  readonly repetition: RepetitionWatch | undefined
}

/** What one attempt at a chat answer needs. */
export interface AnswerAttempt {
  readonly provider: Provider
  readonly request: ChatRequest
  readonly scope: RequestScope
  readonly limits: { readonly firstTokenMs: number; readonly idleMs: number }
  readonly onProgress: ((progress: Progress) => void) | undefined
  readonly onLimit: (limit: LimitReport) => void
  /** Whether another candidate could still be asked. */
  readonly others: () => Promise<boolean>
  readonly guards: AnswerGuards
}

/**
 * Reads one provider's answer and vouches for it: a stall, a missing end, an empty answer and a
 * broken tool call are failures here, whatever the provider thinks. Always ends: a provider that
 * ignores its signal is left behind.
 */
export class AnswerReader {
  readonly answer = new AnswerBuilder()
  readonly #size = new AnswerSize()
  readonly #repetition: RepetitionWatch | undefined
  readonly startedAt: number
  firstTokenAt: number | undefined
  readonly #attempt: AnswerAttempt
  readonly #controller = new AbortController()
  readonly #iterator: ArrivingIterator<ChatEvent>
  #rejectNext: ((error: OpenMuxError) => void) | undefined
  #failure: OpenMuxError | undefined
  #ended = false
  #waitsForModel = false
  /** Time a local model took to get into memory, ms. */
  loadMs = 0
  #loadingSince: number | undefined
  /** Since when the limit counts: the last sign of life of the provider. */
  #lastSign: number
  /** Since when somebody waits for a piece; time the reader takes itself is nobody's stall. */
  #waitingSince: number | undefined
  #cancelTimer = (): void => undefined
  #armed = false
  readonly #forgetScope: () => void

  constructor(attempt: AnswerAttempt) {
    this.#attempt = attempt
    const { scope, provider, request } = attempt
    this.#repetition = attempt.guards.repetition
    this.startedAt = this.#lastSign = scope.clock.now()
    const context: CallContext = {
      signal: this.#controller.signal,
      clock: scope.clock,
      ...(scope.deadline !== Number.POSITIVE_INFINITY && { deadline: scope.deadline }),
      onProgress: (progress) => this.#noteProgress(progress),
      onLimit: attempt.onLimit,
    }
    this.#iterator = startChat(provider, request, context)
    this.#forgetScope = scope.onEarlyEnd(this.#leave)
    if (scope.failure !== undefined) this.#leave()
    this.#arm(attempt.limits.firstTokenMs)
  }

  /** Whether the last event was read, or all was let go of. */
  get ended(): boolean {
    return this.#ended
  }

  /** The next event, undefined after the last. Throws `OpenMuxError` with provider, model and partial answer. */
  async next(): Promise<ChatEvent | undefined> {
    if (this.#ended) return undefined
    try {
      for (;;) {
        const step = await this.#step()
        if (step.done === true) throw this.#cut()
        const event = step.value
        if (isEmptyPiece(event)) continue
        this.#note(event)
        return event
      }
    } catch (thrown) {
      throw this.#broke(thrown)
    }
  }

  /** The next event if it has arrived already; undefined when {@link next} has to be awaited. Throws the same. */
  nextArrived(): ChatEvent | undefined {
    if (this.#ended || this.#failure !== undefined) return undefined
    try {
      for (;;) {
        const event = this.#iterator.nextArrived?.()
        if (event === undefined) return undefined
        if (isEmptyPiece(event)) continue
        this.#note(event)
        return event
      }
    } catch (thrown) {
      throw this.#broke(thrown)
    }
  }

  #broke(thrown: unknown): OpenMuxError {
    const { provider, request } = this.#attempt
    const error = this.#failure ?? providersFailure(thrown, provider.id, request.model)
    this.stop()
    return attach(error, {
      provider: provider.id,
      model: request.model,
      ...(this.answer.begun && { partial: this.answer.partial }),
    })
  }

  /** Lets go of the provider and every timer. Safe to call at any time. */
  stop(): void {
    if (this.#ended) return
    this.#detach()
    this.#letGo()
  }

  /**
   * After the last event: nothing more is waited for, but the provider may come to its own end, so that
   * its connection can be used again. One that does not is let go of after a while.
   */
  #leaveInPeace(): void {
    this.#detach()
    if (this.#isAtItsEnd()) return
    void this.#ownEnd(this.#attempt.scope.clock.after(GRACE_MS, () => this.#letGo()))
  }

  /** Whether the provider needs not be waited for: all of the answer had come at once. */
  #isAtItsEnd(): boolean {
    try {
      return this.#iterator.nextArrived?.() === undefined && this.#iterator.ended === true
    } catch {
      return false
    }
  }

  async #ownEnd(cancelTimer: () => void): Promise<void> {
    try {
      const { done } = await this.#iterator.next()
      if (done !== true) this.#letGo()
    } catch {
      this.#letGo()
    } finally {
      cancelTimer()
    }
  }

  #detach(): void {
    this.#ended = true
    this.#cancelTimer()
    this.#forgetScope()
  }

  #letGo(): void {
    this.#controller.abort(this.#failure)
    // Not awaited: a generator that hangs in an await would hang us too.
    void letGoOf(this.#iterator)
  }

  #step(): Promise<IteratorResult<ChatEvent>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (!this.#armed) this.#arm(this.#attempt.limits.idleMs)
    // Not Promise.race: racing every piece against one long-lived promise would hold all of them.
    this.#waitingSince = this.#attempt.scope.clock.now()
    return new Promise((resolve, reject) => {
      this.#rejectNext = reject
      this.#iterator.next().then(resolve, reject)
    })
  }

  #note(event: ChatEvent): void {
    this.#waitingSince = undefined
    // Whoever sends a piece does not wait any more, even if nobody said so.
    this.#waitsForModel = false
    // First: the piece that shows it is not passed on, and so is no part of what came.
    if (this.#repetition !== undefined && event.type === 'text') this.#checkRepetition(event.text)
    this.#size.add(event)
    this.answer.add(event)
    if (event.type === 'start') this.#checkModel(event.model)
    if (event.type === 'finish') {
      const broken = brokenAnswer(this.answer, this.#attempt.request)
      if (broken !== undefined) throw broken
      this.#leaveInPeace()
    } else if (event.type !== 'start' && this.firstTokenAt === undefined) {
      this.firstTokenAt = this.#attempt.scope.clock.now()
      this.#cancelTimer()
      // Nobody waits while what has arrived is read; the next one who does sets the timer.
      this.#armed = false
    }
  }

  #checkModel(answered: string): void {
    const { guards, request } = this.#attempt
    if (!guards.refuseOtherModel || mayBeSameModel(request.model, answered)) return
    throw new OpenMuxError({
      code: 'bad-response',
      scope: 'model',
      message: `${request.model} was asked for, ${answered} answered.`,
      hint: 'Allow it with onOtherModel: "warn", or ask for a model that is there.',
    })
  }

  #checkRepetition(text: string): void {
    const unit = this.#repetition?.push(text)
    if (unit === undefined) return
    throw new OpenMuxError({
      code: 'model-fault',
      message: `The model repeats ${JSON.stringify(unit.slice(0, 40))} over and over.`,
      hint: 'Ask another model, or allow it with stopLoops: false.',
    })
  }

  #noteProgress(progress: Progress): void {
    this.#waitsForModel = progress.kind === 'queue' ? progress.ahead > 0 : !progress.done
    const now = (this.#lastSign = this.#attempt.scope.clock.now())
    if (progress.kind === 'load') {
      if (!progress.done) this.#loadingSince ??= now
      else if (this.#loadingSince !== undefined) {
        this.loadMs += now - this.#loadingSince
        this.#loadingSince = undefined
      }
    }
    try {
      this.#attempt.onProgress?.(progress)
    } catch {
      // A listener's fault must not cost the answer.
    }
  }

  #arm(limitMs: number): void {
    this.#armed = true
    if (limitMs <= 0 || this.#ended) return
    const { clock } = this.#attempt.scope
    const check = (): void => {
      const waited = this.#waitedAt(clock.now())
      if (waited >= limitMs) this.#tooLate(limitMs)
      // One timer for the whole answer, set again for what is left: a timer a piece would cost more than the piece.
      else this.#cancelTimer = clock.after(limitMs - waited, check)
    }
    this.#cancelTimer = clock.after(limitMs, check)
  }

  /** How long the provider has been silent while it was its turn to speak. */
  #waitedAt(now: number): number {
    if (this.#waitsForModel || this.#waitingSince === undefined) return 0
    // Headers are no answer: until the first piece only news about the model moves the start.
    const since =
      this.firstTokenAt === undefined ? this.#lastSign : Math.max(this.#lastSign, this.#waitingSince)
    if (since <= now) return now - since
    // The clock was set back: what was waited before is not known any more.
    this.#lastSign = this.#waitingSince = now
    return 0
  }

  #tooLate(limitMs: number): void {
    const late = this.#late(limitMs)
    if (this.firstTokenAt !== undefined) {
      this.#fail(late)
      return
    }
    // Giving up only helps when somebody else can answer; else this one is waited for until the deadline.
    this.#attempt.others().then(
      (others) => {
        if (others && this.firstTokenAt === undefined) this.#fail(late)
      },
      () => undefined,
    )
  }

  readonly #leave = (): void => {
    const { failure } = this.#attempt.scope
    if (failure !== undefined) this.#fail(failure)
  }

  #fail(error: OpenMuxError): void {
    if (this.#ended || this.#failure !== undefined) return
    this.#failure = error
    this.#cancelTimer()
    this.#controller.abort(error)
    this.#rejectNext?.(error)
  }

  #late(limitMs: number): OpenMuxError {
    const phase: TimeoutPhase = this.firstTokenAt === undefined ? 'first-token' : 'idle'
    const what = phase === 'first-token' ? 'No first token' : 'Nothing more'
    return new OpenMuxError({ code: 'timeout', phase, message: `${what} for ${limitMs / 1_000} s.` })
  }

  #cut(): OpenMuxError {
    return new OpenMuxError({
      code: 'truncated',
      message: this.answer.begun ? 'The answer ended in the middle.' : 'The answer ended before it began.',
    })
  }
}

function startChat(
  provider: Provider,
  request: ChatRequest,
  context: CallContext,
): ArrivingIterator<ChatEvent> {
  try {
    if (provider.chat === undefined)
      throw new OpenMuxError({ code: 'unsupported', message: `${provider.name} does not chat.` })
    return provider.chat(request, context)[Symbol.asyncIterator]()
  } catch (thrown) {
    // One that fails before there is anything to read fails like any other: at its first piece.
    return { next: () => Promise.reject(thrown) }
  }
}

/** Whatever comes of it, by an iterator that somebody wrote by hand as well. */
async function letGoOf(iterator: AsyncIterator<ChatEvent>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // It was not needed any more.
  }
}

function isEmptyPiece(event: ChatEvent): boolean {
  return (event.type === 'text' || event.type === 'reasoning') && event.text === ''
}
