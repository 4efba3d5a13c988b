import type { ChatEvent } from '../contract/chat-event.js'
import type { ChatRequest } from '../contract/chat-request.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import type { PartialAnswer } from '../errors/partial-answer.js'
import type { Candidate } from '../run/candidate.js'
import type { ChatAttempt } from '../run/chat-attempt.js'
import {
  answersDiffer,
  beganAnew,
  continuationFor,
  notContinued,
  type OnBreak,
  whyNotContinued,
} from '../run/rescue.js'
import { type Continuation, Splice, type Spliced } from '../run/splice.js'
import type { ChatStreamEvent, ResumedEvent } from './results.js'
import type { RunningRequest } from './running-request.js'

/**
 * A stream that broke off after its first piece: what the caller has seen, and how the events of the next attempt
 * are put behind it.
 */
export class BrokenStream {
  readonly #onBreak: OnBreak
  /** The attempts whose text the caller has seen, in order. */
  readonly attempts: ChatAttempt[] = []
  #text = ''
  #reasoning = ''
  #toolCalls: PartialAnswer['toolCalls'] = []
  #code: ErrorCode = 'truncated'
  #how: Continuation = 'restart'
  /** Whether the present attempt has passed anything on. */
  #joined = false
  readonly #noPrefill: Set<string>
  readonly #noPrefillHere = new Set<string>()
  /** Whether the present attempt seems to have begun anew although it was asked to go on. */
  #beganAnew = false

  /** @param noPrefill targets that refuse to be handed a beginning; those that prove to be such are added. */
  constructor(onBreak: OnBreak, noPrefill: Set<string>) {
    this.#onBreak = onBreak
    this.#noPrefill = noPrefill
  }

  /** What the caller has seen. */
  get delivered(): { readonly text: string; readonly reasoning: string } {
    return { text: this.#text, reasoning: this.#reasoning }
  }

  get partial(): PartialAnswer {
    return { ...this.delivered, toolCalls: this.#toolCalls }
  }

  /** An attempt broke off. The pieces of the first were passed on as they came; those of the others went through here. */
  brokeOff(attempt: ChatAttempt, code: ErrorCode): void {
    this.#code = code
    const { reasoning, toolCalls } = attempt.answer
    if (this.attempts.length === 0) {
      this.#text = attempt.givenText
      this.#reasoning = reasoning
    } else if (!this.#joined) return
    this.#toolCalls = toolCalls
    this.attempts.push(attempt)
  }

  /** Why nobody may go on; undefined when somebody may. */
  whyNotContinued(request: ChatRequest, { code, next }: OpenMuxError): string | undefined {
    // The request itself is over, and says so.
    if (next === 'nowhere') return undefined
    if (code === 'model-fault') return 'it had come to its end'
    return whyNotContinued(this.partial, request, this.#onBreak)
  }

  /** The error for what broke off with `error` and is not continued. */
  notContinued(error: OpenMuxError, why: string): OpenMuxError {
    return notContinued(error, why, this.partial)
  }

  /** The text a candidate is to go on after; undefined when it is asked to begin anew. */
  prefillFor(candidate: Candidate): string | undefined {
    this.#joined = false
    this.#beganAnew = false
    const name = `${candidate.provider.id} ${candidate.model}`
    const notHere = this.#noPrefill.has(name) || this.#noPrefillHere.has(name)
    this.#how = notHere ? 'restart' : continuationFor(candidate, this.#text)
    return this.#how === 'prefill' ? this.#text : undefined
  }

  /**
   * Whether the attempt failed because it was handed a beginning, and may be asked without: it refused, it said
   * nothing (which an empty answer looks like as well as a text that was whole already), or it began anew.
   */
  refusedPrefill(attempt: ChatAttempt, { code }: OpenMuxError): boolean {
    if (this.#how !== 'prefill' || this.#joined) return false
    const { answer, candidate } = attempt
    const saidNothing = answer.finishReason !== undefined && answer.text.trim() === ''
    const refused = !answer.begun && (code === 'bad-request' || code === 'unsupported')
    if (!saidNothing && !refused && !this.#beganAnew) return false
    const name = `${candidate.provider.id} ${candidate.model}`
    // A refusal holds for other streams too; the rest may be this text's doing.
    if (refused) this.#noPrefill.add(name)
    this.#noPrefillHere.add(name)
    return true
  }

  /** The events of an opened attempt as they belong behind what was delivered. */
  async *eventsOf(attempt: ChatAttempt, running: RunningRequest): AsyncGenerator<ChatStreamEvent, void> {
    const splice = new Splice(this.#text, this.#how)
    let discard = false
    for (;;) {
      const event = await attempt.next()
      if (event === undefined) return
      const spliced = discard ? undefined : spliceEvent(splice, event)
      if (spliced?.kind === 'held') continue
      if (spliced?.kind === 'unclear') {
        this.#beganAnew = true
        throw beganAnew(attempt.candidate)
      }
      if (spliced?.kind === 'differs') {
        if (this.#onBreak !== 'restart')
          throw await this.#differs(attempt, spliced.text, event.type === 'finish', running)
        discard = true
        this.#text = ''
      }
      if (!this.#joined) {
        this.#joined = true
        const resumed = this.#resumed(attempt, discard)
        running.tellResumed(resumed)
        yield resumed
        // Nothing goes out after the caller has left.
        if (running.scope.failure !== undefined) throw running.scope.failure
      }
      const text = spliced?.text ?? (event.type === 'text' ? event.text : '')
      if (text !== '') {
        this.#text += text
        yield { type: 'text', text }
      }
      if (event.type !== 'text' && event.type !== 'start') yield event
    }
  }

  #resumed(attempt: ChatAttempt, discard: boolean): ResumedEvent {
    const { candidate, answer, start } = attempt
    return {
      type: 'resumed',
      provider: candidate.provider.id,
      model: answer.model ?? candidate.model,
      by: this.#how,
      discard,
      code: this.#code,
      warnings: start?.warnings ?? [],
    }
  }

  /** The whole other text is worth more to the caller than an early error. */
  async #differs(
    attempt: ChatAttempt,
    begun: string,
    ended: boolean,
    { scope }: RunningRequest,
  ): Promise<OpenMuxError> {
    let whole = ended
    let text = begun
    try {
      for (;;) {
        const event = await attempt.next()
        if (event === undefined) break
        if (event.type === 'text') text += event.text
        if (event.type === 'finish') whole = true
      }
    } catch {
      // The request itself is over, and says so.
      if (scope.failure !== undefined) return scope.failure
      whole = false
    }
    return answersDiffer(this.partial, { candidate: attempt.candidate, text, whole })
  }
}

/** What an event means for the seam. Thinking before the seam belongs to text that is dropped, and is dropped too. */
function spliceEvent(splice: Splice, event: ChatEvent): Spliced {
  if (event.type === 'text') return splice.push(event.text)
  if (splice.joined) return { kind: 'joined', text: '' }
  if (event.type === 'reasoning' || event.type === 'start') return { kind: 'held' }
  // A tool call or the end: the text would have to be there by now.
  return splice.end()
}
