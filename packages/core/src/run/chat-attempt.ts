import type { Attempt } from '../contract/attempt.js'
import type { ChatEvent, StartEvent } from '../contract/chat-event.js'
import type { ChatRequest } from '../contract/chat-request.js'
import type { LimitReport } from '../contract/limit.js'
import type { Progress } from '../contract/progress.js'
import type { Usage } from '../contract/usage.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { AnswerBuilder } from './answer-builder.js'
import { type AnswerGuards, AnswerReader } from './answer-reader.js'
import { attemptRecord } from './attempt-record.js'
import type { Candidate } from './candidate.js'
import { estimateUsage } from './estimate-usage.js'
import type { BegunRequest } from './knowledge.js'
import type { RequestScope } from './request-scope.js'
import type { Release } from './slots.js'

/** What one attempt at a chat answer needs. */
export interface ChatAttemptOptions {
  readonly candidate: Candidate
  readonly request: ChatRequest
  readonly scope: RequestScope
  readonly limits: { readonly firstTokenMs: number; readonly idleMs: number }
  readonly onProgress: ((progress: Progress) => void) | undefined
  readonly onLimit: (limit: LimitReport) => void
  readonly others: () => Promise<boolean>
  readonly guards: AnswerGuards
  readonly begun: BegunRequest
  readonly release: Release
  /** May add to what is told of the one who answers. */
  readonly onStart: (start: StartEvent) => StartEvent
  readonly onFirstToken: (afterMs: number) => void
  readonly onEnd: (attempt: Attempt) => void
}

/**
 * One candidate at work on a chat answer, from the first byte sent to the record of how it went. However it
 * ends, what is known of the target, its slot and its connection are taken care of exactly once.
 */
export class ChatAttempt {
  readonly candidate: Candidate
  readonly request: ChatRequest
  readonly startedAt: number
  /** The first event: who answers. */
  start: StartEvent | undefined
  readonly #options: ChatAttemptOptions
  readonly #reader: AnswerReader
  /** Pieces that were read and not yet given out. */
  readonly #pending: ChatEvent[] = []
  /** White space the text begins with, kept back until more comes: it may be all there is. */
  #blank = ''
  #spoken = false
  /** Whether any piece was given out: what comes now is no longer begun unseen. */
  given = false
  #opening: Promise<void> | undefined
  #record: Attempt | undefined

  constructor(options: ChatAttemptOptions) {
    this.#options = options
    this.candidate = options.candidate
    this.request = options.request
    this.#reader = new AnswerReader({ ...options, provider: options.candidate.provider })
    this.startedAt = this.#reader.startedAt
  }

  /** What came so far. */
  get answer(): AnswerBuilder {
    return this.#reader.answer
  }

  /** When the first piece came, ms since 1970. */
  get firstTokenAt(): number | undefined {
    return this.#reader.firstTokenAt
  }

  /** The text that was given out. */
  get givenText(): string {
    return this.#spoken ? this.answer.text : ''
  }

  /** Reads up to the first piece that says something. Throws what {@link next} throws. */
  open(): Promise<void> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  async #open(): Promise<void> {
    for (;;) {
      const read = this.#reader.nextArrived() ?? (await this.#reader.next())
      // It lost a race in the meantime: what comes now is nobody's.
      if (read === undefined || this.#record !== undefined) return
      const event = this.#withoutBlanks(read)
      if (event === undefined) continue
      if (event.type === 'start') {
        this.start = this.#options.onStart(event)
        continue
      }
      this.#pending.unshift(event)
      if (this.firstTokenAt !== undefined) {
        this.#options.begun.firstToken()
        this.#options.onFirstToken(this.firstTokenAt - this.startedAt)
      }
      return
    }
  }

  /** Whether there is nothing more to read or to give out. */
  get ended(): boolean {
    return this.#reader.ended && this.#pending.length === 0
  }

  /** The next event after the start; undefined after the last. Open it first. */
  async next(): Promise<ChatEvent | undefined> {
    if (this.#pending.length > 0) return this.nextArrived()
    return this.#spoken ? this.#reader.next() : this.#piece()
  }

  /** The next event if it has arrived already; undefined when {@link next} has to be awaited. Throws the same. */
  nextArrived(): ChatEvent | undefined {
    if (this.#pending.length === 0) return this.#spoken ? this.#reader.nextArrived() : undefined
    const { failure } = this.#options.scope
    if (failure !== undefined) throw failure
    this.given = true
    return this.#pending.shift()
  }

  async #piece(): Promise<ChatEvent | undefined> {
    for (;;) {
      const event = await this.#reader.next()
      if (event === undefined) return undefined
      const piece = this.#withoutBlanks(event)
      if (piece !== undefined) return piece
    }
  }

  /** The event as it is given out; undefined for white space that is kept back. */
  #withoutBlanks(event: ChatEvent): ChatEvent | undefined {
    if (event.type === 'start' || event.type === 'reasoning') return event
    if (event.type === 'text' && event.text.trim() === '') {
      this.#blank += event.text
      return undefined
    }
    this.#spoken = true
    if (this.#blank === '') return event
    if (event.type === 'text') return { type: 'text', text: this.#blank + event.text }
    this.#pending.push(event)
    return { type: 'text', text: this.#blank }
  }

  /** What it cost: as told, else estimated; undefined when nothing was generated. */
  get usage(): Usage | undefined {
    const { answer } = this.#reader
    if (answer.usage !== undefined) return answer.usage
    return answer.begun ? estimateUsage(this.request, answer.text + answer.reasoning) : undefined
  }

  answered(): Attempt {
    return this.#end({ result: 'answered' })
  }

  /** It failed, or the request ended. Gives the typed error with the record. */
  failed(thrown: unknown): { readonly error: OpenMuxError; readonly attempt: Attempt } {
    const { provider, model } = this.candidate
    const error = toOpenMuxError(thrown, provider.id, model)
    const attempt = this.#end(error.code === 'aborted' ? { result: 'aborted' } : { result: 'failed', error })
    return { error, attempt: { ...attempt, code: error.code, message: error.message } }
  }

  /** It lost a race, or nobody reads on. */
  discarded(result: 'discarded' | 'aborted'): Attempt {
    return this.#end({ result })
  }

  /** It was not needed before anything was sent. */
  unsent(): void {
    this.#end({ result: 'unsent' })
  }

  #end(
    how:
      | { readonly result: 'answered' | 'aborted' | 'discarded' | 'unsent' }
      | { readonly result: 'failed'; readonly error: OpenMuxError },
  ): Attempt {
    if (this.#record !== undefined) return this.#record
    const { candidate, scope, begun, release, onEnd } = this.#options
    const reader = this.#reader
    reader.stop()
    release()
    const now = scope.clock.now()
    const durationMs = now - this.startedAt
    const { usage } = this
    const firstTokenMs = reader.firstTokenAt === undefined ? undefined : reader.firstTokenAt - this.startedAt
    this.#record = {
      ...attemptRecord(candidate, this.startedAt, now, how.result === 'failed' ? how.error : undefined),
      outcome: how.result === 'unsent' ? 'discarded' : how.result,
      ...(firstTokenMs !== undefined && { firstTokenMs }),
      ...(usage !== undefined && { usage }),
    }
    begun.settle({
      ...how,
      durationMs,
      ...(firstTokenMs !== undefined && { firstTokenMs }),
      ...(usage !== undefined && { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens }),
      ...(reader.loadMs > 0 && { loadMs: reader.loadMs }),
    })
    onEnd(this.#record)
    return this.#record
  }
}
