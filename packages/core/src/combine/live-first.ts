import type { ErrorCode } from '../errors/error-codes.js'
import { isOpenMuxError, OpenMuxError } from '../errors/openmux-error.js'
import type { PartialAnswer } from '../errors/partial-answer.js'
import type { ChatResult, ChatStream, ChatStreamEvent } from '../orchestrator/results.js'
import { AnswerBuilder } from '../run/answer-builder.js'
import { notContinued, whyNotContinued } from '../run/rescue.js'
import { Splice, type Spliced } from '../run/splice.js'
import { candidateAt, type RunningPanel } from './combine.js'
import type { CombineStreamEvent } from './combine-stream.js'

type Piece = Extract<ChatStreamEvent, { readonly type: 'text' | 'reasoning' | 'tool-call' }>

/** A member that is read. */
interface Runner {
  readonly controller: AbortController
  /** Fails once it is clear that this member is missed after all. */
  readonly missed: PromiseWithResolvers<never>
}

/**
 * Members as streams in a race: the one whose content comes first is passed on as it comes, the others are stopped.
 * When it breaks off, the next member begins anew, is read up to the seam and goes on from there.
 */
export class LiveFirst {
  /** Why nobody may go on: the request ends with it. */
  failure: OpenMuxError | undefined
  readonly #push: (event: CombineStreamEvent) => void
  readonly #end: AbortController
  readonly #runners = new Set<Runner>()
  #leader: Runner | undefined
  /** What the caller has seen. */
  #seen = new AnswerBuilder()
  #breaks = 0
  #code: ErrorCode = 'truncated'

  /** @param end aborted when no member may go on. */
  constructor(push: (event: CombineStreamEvent) => void, end: AbortController) {
    this.#push = push
    this.#end = end
  }

  /** What was passed on; undefined when nothing was. */
  get partial(): PartialAnswer | undefined {
    return this.#seen.begun ? this.#seen.partial : undefined
  }

  /** Calls one member, as `PanelCalls` wants it. */
  readonly ask = async (running: RunningPanel, index: number, signal: AbortSignal): Promise<ChatResult> => {
    const runner: Runner = { controller: new AbortController(), missed: Promise.withResolvers<never>() }
    runner.missed.promise.catch(() => undefined)
    this.#runners.add(runner)
    const ended = AbortSignal.any([signal, runner.controller.signal])
    const input = running.inputOf(candidateAt(running.panel, index), ended)
    try {
      return await this.#read(running, runner, running.openmux.stream(input))
    } catch (thrown) {
      // Stopped because another one leads: to the panel it goes on until that one has broken off.
      if (runner.controller.signal.aborted) return await runner.missed.promise
      if (this.#leader === runner && isOpenMuxError(thrown)) this.#brokeOff(running, thrown)
      throw thrown
    } finally {
      this.#runners.delete(runner)
    }
  }

  async #read(running: RunningPanel, runner: Runner, stream: ChatStream): Promise<ChatResult> {
    let splice: Splice | undefined
    let joined = false
    let by = { provider: '', model: '' }
    const events = stream[Symbol.asyncIterator]()
    for (;;) {
      const step = await events.next()
      if (step.done === true) break
      const event = step.value
      if (event.type === 'start') by = { provider: event.provider, model: event.model }
      if (this.#leader === undefined && isPiece(event)) {
        this.#lead(runner)
        if (this.#breaks > 0) splice = new Splice(this.#seen.text, 'restart')
      }
      if (this.#leader !== runner) continue
      if (splice === undefined) {
        if (isPiece(event)) this.#pass(event)
        continue
      }
      const spliced = spliceEvent(splice, event)
      // Only a text that was handed over beforehand can be unclear.
      if (spliced.kind === 'held' || spliced.kind === 'unclear') continue
      const discard = spliced.kind === 'differs'
      if (discard) {
        if (running.panel.input.onBreak !== 'restart') throw await this.#differs(spliced.text, events, by)
        this.#seen = new AnswerBuilder()
        splice = undefined
      }
      if (!joined) this.#push({ type: 'resumed', ...by, by: 'restart', discard, code: this.#code })
      joined = true
      if (spliced.text !== '') this.#pass({ type: 'text', text: spliced.text })
      if (isPiece(event) && event.type !== 'text') this.#pass(event)
    }
    const result = await stream.result()
    return this.#breaks === 0 ? result : { ...result, resumed: this.#breaks }
  }

  #lead(runner: Runner): void {
    this.#leader = runner
    for (const other of this.#runners) if (other !== runner) other.controller.abort(overtaken())
  }

  #pass(piece: Piece): void {
    this.#seen.add(piece)
    this.#push(piece)
  }

  #brokeOff({ panel }: RunningPanel, error: OpenMuxError): void {
    const { onBreak = 'continue', responseFormat } = panel.input
    const { partial } = this.#seen
    // The request itself is over, and says so.
    if (error.next === 'nowhere') {
      this.#stop(error)
      return
    }
    const request = {
      model: '',
      messages: panel.question,
      ...(responseFormat !== undefined && { responseFormat }),
    }
    const why =
      error.code === 'model-fault' ? 'it had come to its end' : whyNotContinued(partial, request, onBreak)
    if (why !== undefined) {
      this.#stop(notContinued(error, why, partial))
      return
    }
    this.#breaks += 1
    this.#code = error.code
    this.#leader = undefined
    for (const { missed } of this.#runners) missed.reject(overtaken())
  }

  #stop(error: OpenMuxError): void {
    this.failure ??= error
    this.#end.abort(error)
  }

  /** The whole other text is worth more to the caller than an early error. */
  async #differs(
    begun: string,
    events: AsyncIterator<ChatStreamEvent>,
    by: { readonly provider: string; readonly model: string },
  ): Promise<OpenMuxError> {
    let text = begun
    let whole = false
    try {
      for (;;) {
        const step = await events.next()
        if (step.done === true) break
        if (step.value.type === 'text') text += step.value.text
      }
      whole = true
    } catch {
      // What came of it is told all the same.
    }
    return new OpenMuxError({
      code: 'truncated',
      next: 'nowhere',
      ...by,
      message: `The answer broke off, and ${by.provider}/${by.model} answers in other words.`,
      hint: 'Both texts are on the error (partial.text, partial.other). With onBreak: "restart" the second is streamed.',
      partial: { ...this.#seen.partial, other: { ...by, text, whole } },
    })
  }
}

function overtaken(): OpenMuxError {
  return new OpenMuxError({ code: 'aborted', message: 'Another model answered first.' })
}

function isPiece(event: ChatStreamEvent): event is Piece {
  return event.type === 'text' || event.type === 'reasoning' || event.type === 'tool-call'
}

/** What an event means for the seam. Thinking before the seam belongs to text that is dropped, and is dropped too. */
function spliceEvent(splice: Splice, event: ChatStreamEvent): Spliced {
  if (event.type === 'text') return splice.push(event.text)
  if (splice.joined) return { kind: 'joined', text: '' }
  if (event.type === 'tool-call' || event.type === 'finish') return splice.end()
  return { kind: 'held' }
}
