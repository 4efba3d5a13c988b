import type { ArrivingIterator, CallContext, ChatEvent, ChatRequest } from '@openmux/core'
import {
  type Arriving,
  arriving,
  type CallScope,
  type ResponseHeaders,
  type StreamAnswer,
} from '@openmux/http'
import type { ChatAnswerSource } from '../response/read-chat-answer.js'
import { readChatAnswer } from '../response/read-chat-answer.js'
import { ChatStreamBatches } from '../response/read-chat-stream.js'
import { collectJson } from './collect-json.js'
import { demandKey, type Engine, named } from './engine.js'
import { type ChatPlan, planChat } from './plan-chat.js'
import { newToolCallId } from './tool-call-id.js'

/** The caller's limits apply: a model may think for as long as they allow. */
const NO_LIMITS = { headersMs: 0, idleMs: 0 } as const

const END: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** One answer of `POST {chatPath}`. */
export function chat(engine: Engine, request: ChatRequest, caller: CallContext): Arriving<ChatEvent> {
  const call = new ChatCall(engine, request, caller)
  // Much may lie in buffers already: nothing of it goes out after the caller has left.
  return arriving(call, () => call.check())
}

/** A call from its request to its end. By hand, not as a generator: what has arrived is read without waiting. */
class ChatCall implements ArrivingIterator<readonly ChatEvent[]> {
  readonly #engine: Engine
  readonly #request: ChatRequest
  readonly #caller: CallContext
  #scope: CallScope | undefined
  #answer: StreamAnswer | undefined
  #opening: Promise<ArrivingIterator<readonly ChatEvent[]>> | undefined
  #batches: ArrivingIterator<readonly ChatEvent[]> | undefined
  #over = false

  constructor(engine: Engine, request: ChatRequest, caller: CallContext) {
    this.#engine = engine
    this.#request = request
    this.#caller = caller
  }

  /** Throws when the caller has left or the provider was closed. */
  check(): void {
    this.#scope?.check()
  }

  get ended(): boolean {
    return this.#over
  }

  nextArrived(): readonly ChatEvent[] | undefined {
    const batches = this.#batches
    if (this.#over || batches === undefined) return undefined
    try {
      const batch = batches.nextArrived?.()
      // Not before all was given out: until then the caller may still leave.
      if (batch === undefined && batches.ended === true) this.#finish()
      return batch
    } catch (thrown) {
      this.#finish()
      throw thrown
    }
  }

  async next(): Promise<IteratorResult<readonly ChatEvent[], void>> {
    try {
      if (this.#batches === undefined && !this.#over) {
        this.#opening = this.#open()
        this.#batches = await this.#opening
      }
      const arrived = this.nextArrived()
      if (arrived !== undefined) return { done: false, value: arrived }
      if (this.#over || this.#batches === undefined) return END
      const step = await this.#batches.next()
      if (step.done === true) this.#finish()
      return step
    } catch (thrown) {
      this.#finish()
      throw thrown
    }
  }

  async return(): Promise<IteratorResult<readonly ChatEvent[], void>> {
    // What is on its way can only be let go of once it is there.
    await this.#opening?.catch(() => undefined)
    this.#finish()
    return END
  }

  async #open(): Promise<ArrivingIterator<readonly ChatEvent[]>> {
    const { client, settings, scopes } = this.#engine
    const request = this.#request
    const { model } = request
    const scope = (this.#scope = scopes.begin(this.#caller, model))
    scope.check()
    demandKey(this.#engine, model)
    const plan = named(this.#engine, model, () => planChat(request, settings))
    const { path, body: json, headers } = plan
    const { context } = scope
    const answer = await client.stream({ path, json, headers, model, context, timeouts: NO_LIMITS })
    this.#answer = answer
    const source = sourceOf(this.#engine, request, plan, answer, context)
    if (isWhole(answer.headers)) {
      const whole = await collectJson(answer, { provider: settings.id, model })
      return oneByOne(readChatAnswer(whole, source))
    }
    const usageWaitMs = settings.quirks.streamUsage === 'never' ? 0 : settings.usageWaitMs
    return new ChatStreamBatches({ ...source, events: answer.sse(), clock: context.clock, usageWaitMs })
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#answer?.cancel().catch(() => undefined)
    this.#scope?.end()
  }
}

/** The events of a whole answer: what stands before a fault is given out before it is thrown. */
function oneByOne(events: Iterator<ChatEvent, void>): ArrivingIterator<readonly ChatEvent[]> {
  return {
    next: async () => {
      const step = events.next()
      return step.done === true ? END : { done: false, value: [step.value] }
    },
  }
}

function sourceOf(
  { client, settings }: Engine,
  { model }: ChatRequest,
  { path, warnings }: ChatPlan,
  { status, headers }: StreamAnswer,
  context: CallContext,
): ChatAnswerSource {
  const { readMetadata } = settings.hooks
  return {
    origin: { provider: settings.id, model },
    warnings,
    newId: newToolCallId,
    reasoning: settings.supports.reasoning,
    uniqueIds: settings.quirks.uniqueResponseIds,
    failure: (body) => client.failure({ status, headers, body, model, path }, context),
    ...(readMetadata === undefined ? {} : { metadata: (chunk) => readMetadata(chunk, headers) }),
  }
}

/** Whether the answer came whole: asked for so, or by a server that cannot stream, or with an error in place of a stream. */
function isWhole(headers: ResponseHeaders): boolean {
  return headers['content-type']?.toLowerCase().includes('application/json') === true
}
