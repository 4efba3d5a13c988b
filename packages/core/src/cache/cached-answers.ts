import { type Clock, systemClock } from '../contract/clock.js'
import { isOpenMuxError, OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import { Emitter, type OpenMuxListener } from '../observe/emitter.js'
import type { OpenMuxEventType } from '../observe/event.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import { chatStream, type Outcome } from '../orchestrator/chat-stream.js'
import type { EmbedInput } from '../orchestrator/embed-input.js'
import type { OpenMux } from '../orchestrator/openmux.js'
import type { ChatResult, ChatStream, ChatStreamEvent, EmbedResult } from '../orchestrator/results.js'
import { type AnswerStore, answerStore } from './answer-store.js'
import type { KeyedRequest } from './cache-key.js'
import {
  type CacheWishes,
  flightKey,
  keyedChat,
  keyedEmbedding,
  questionOf,
  readWishes,
  setupKey,
  type Wished,
} from './cache-request.js'
import {
  asCached,
  asCachedEvent,
  type KeptChat,
  keptChat,
  keptEmbedding,
  readKeptChat,
  readKeptEmbedding,
} from './cached-answer.js'
import { SharedStreams } from './shared-stream.js'
import { SimilarAnswers } from './similar-answers.js'
import { SingleFlight } from './single-flight.js'
import type { WithCacheOptions } from './with-cache.js'

/** What a stream under way hands to its readers: its events, and the result just before the last of them. */
type Shared = ChatStreamEvent | { readonly type: 'result'; readonly result: ChatResult }

/** An answer that was found. */
interface Found {
  readonly kept: KeptChat
  readonly storedAt: number
  readonly similarity?: number
}

/** Answers out of a cache, or else out of an OpenMux and into the cache. */
export class CachedAnswers {
  readonly #openmux: OpenMux
  readonly #clock: Clock
  readonly #store: AnswerStore
  readonly #similar: SimilarAnswers | undefined
  readonly #setup: unknown
  readonly #defaults: Required<CacheWishes>
  readonly #emitter = new Emitter()
  readonly #chats = new SingleFlight<ChatResult>()
  readonly #embeddings = new SingleFlight<EmbedResult>()
  readonly #streams = new SharedStreams<Shared>()
  /** What is being kept. */
  readonly #writes = new Set<Promise<void>>()
  readonly #report: (thrown: unknown) => void
  /** Counts clearings: what was asked before one is not kept after it. */
  #generation = 0
  #requests = 0
  #closed = false

  constructor(openmux: OpenMux, options: WithCacheOptions) {
    const { cache, secret, namespace, setup, caller = '', use = 'use', semantic, onError } = options
    this.#openmux = openmux
    this.#clock = options.clock ?? systemClock
    this.#setup = setupKey(setup, secret)
    this.#defaults = { cache: use, caller }
    this.#report = (thrown) => {
      try {
        onError?.(toOpenMuxError(thrown))
      } catch {
        // A listener's fault must not cost the answer.
      }
    }
    this.#store = answerStore({
      cache,
      clock: this.#clock,
      onError: this.#report,
      ...(secret !== undefined && { secret }),
      ...(namespace !== undefined && { namespace }),
    })
    this.#similar = semantic && new SimilarAnswers(semantic, this.#store, this.#report)
  }

  async chat(given: ChatInput & CacheWishes): Promise<ChatResult> {
    const wished = readWishes<ChatInput>(given, this.#defaults)
    const { input } = wished
    const startedAt = this.#clock.now()
    const looked = await this.#look(wished)
    if (looked === undefined) return this.#openmux.chat(input)
    const { key, request, found } = looked
    if (found !== undefined) {
      this.#tell('cache-hit')
      return this.#cachedChat(found, startedAt)
    }
    const { outcome, shared } = this.#chats.run(
      flightKey(key, input),
      async (signal) => {
        const generation = this.#generation
        const result = await this.#openmux.chat({ ...input, signal })
        this.#keepChat(key, input, request, keptChat(result), generation)
        return result
      },
      input.signal,
    )
    const result = await outcome
    if (!shared) return result
    this.#tell('cache-hit')
    return this.#sharedResult(result, startedAt)
  }

  stream(given: ChatInput & CacheWishes): ChatStream {
    return chatStream((outcome) => this.#events(given, outcome))
  }

  async embed(given: EmbedInput & CacheWishes): Promise<EmbedResult> {
    const { input, use, caller } = readWishes<EmbedInput>(given, this.#defaults)
    const startedAt = this.#clock.now()
    if (use === 'off') return this.#openmux.embed(input)
    this.#refuseWhenClosed()
    const key = await this.#keyOf(keyedEmbedding(input, caller, this.#setup))
    if (key === undefined) return this.#openmux.embed(input)
    const entry = use === 'use' ? await this.#store.find(key) : undefined
    const kept = readKeptEmbedding(entry?.value)
    if (entry !== undefined && kept !== undefined) {
      this.#tell('cache-hit')
      return asCached<EmbedResult>(kept.result, entry.storedAt, this.#clock.now() - startedAt)
    }
    const { outcome, shared } = this.#embeddings.run(
      flightKey(key, input),
      async (signal) => {
        const generation = this.#generation
        const result = await this.#openmux.embed({ ...input, signal })
        const value = keptEmbedding(result)
        if (value !== undefined) this.#write(() => this.#keep(key, value, generation))
        return result
      },
      input.signal,
    )
    const result = await outcome
    if (!shared) return result
    this.#tell('cache-hit')
    return this.#sharedResult(result, startedAt)
  }

  on(
    what: OpenMuxEventType | readonly OpenMuxEventType[] | OpenMuxListener,
    listener: OpenMuxListener | undefined,
  ): () => void {
    const isListener = typeof what === 'function'
    const tell = isListener ? what : listener
    // The OpenMux looks at what it is given and says what is wrong with it.
    const leave = isListener ? this.#openmux.on(what) : this.#openmux.on(what, listener as OpenMuxListener)
    const types = isListener ? undefined : typeof what === 'string' ? [what] : what
    const leaveOwn = tell === undefined ? undefined : this.#emitter.on(types, tell)
    return () => {
      leave()
      leaveOwn?.()
    }
  }

  async clear(): Promise<number> {
    this.#generation += 1
    // What is being written just now is to be forgotten, too.
    await Promise.allSettled(this.#writes)
    try {
      return (await this.#store.cache.clear()) + (this.#similar?.clear() ?? 0)
    } catch (thrown) {
      throw toOpenMuxError(thrown)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    try {
      await this.#openmux.close()
    } finally {
      await Promise.allSettled(this.#writes)
    }
  }

  async *#events(given: ChatInput & CacheWishes, outcome: Outcome): AsyncGenerator<ChatStreamEvent, void> {
    let settled = false
    const settle = (result: ChatResult): void => {
      settled = true
      outcome.resolve(result)
    }
    try {
      const wished = readWishes<ChatInput>(given, this.#defaults)
      const { input } = wished
      const startedAt = this.#clock.now()
      const looked = await this.#look(wished)
      if (looked?.found !== undefined) {
        this.#tell('cache-hit')
        settle(this.#cachedChat(looked.found, startedAt))
        for (const event of looked.found.kept.events) yield asCachedEvent(event)
        return
      }
      const { events, shared } =
        looked === undefined
          ? { events: this.#asked(this.#openmux.stream(input), () => undefined), shared: false }
          : this.#streams.read(flightKey(looked.key, input), (signal) =>
              this.#recorded(looked.key, input, looked.request, signal),
            )
      for await (const event of untilLeft(events, input.signal)) {
        if (event.type !== 'result') {
          yield shared ? asCachedEvent(event) : event
          continue
        }
        if (shared) this.#tell('cache-hit')
        settle(shared ? this.#sharedResult(event.result, startedAt) : event.result)
      }
    } catch (thrown) {
      settled = true
      outcome.reject(thrown)
      throw thrown
    } finally {
      if (!settled)
        outcome.reject(new OpenMuxError({ code: 'aborted', message: 'The stream was left before its end.' }))
    }
  }

  #recorded(
    key: string,
    input: ChatInput,
    request: KeyedRequest,
    signal: AbortSignal,
  ): AsyncGenerator<Shared, void> {
    const generation = this.#generation
    return this.#asked(this.#openmux.stream({ ...input, signal }), (result, events) =>
      this.#keepChat(key, input, request, keptChat(result, events), generation),
    )
  }

  /** The events of a stream, with its result before the last of them: the answer is whole from there on. */
  async *#asked(
    stream: ChatStream,
    whole: (result: ChatResult, events: readonly ChatStreamEvent[]) => void,
  ): AsyncGenerator<Shared, void> {
    const events: ChatStreamEvent[] = []
    let finish: ChatStreamEvent | undefined
    for await (const event of stream) {
      events.push(event)
      // Held until the stream has come to its own end: only then its result is there.
      if (event.type === 'finish') finish = event
      else yield event
    }
    const result = await stream.result()
    whole(result, events)
    yield { type: 'result', result }
    if (finish !== undefined) yield finish
  }

  /** What is known of a request. Undefined: it goes on without the cache. */
  async #look({
    input,
    use,
    caller,
  }: Wished<ChatInput>): Promise<
    { readonly key: string; readonly request: KeyedRequest; readonly found?: Found } | undefined
  > {
    if (use === 'off') return undefined
    this.#refuseWhenClosed()
    const request = keyedChat(input, caller, this.#setup)
    const key = await this.#keyOf(request)
    if (key === undefined) return undefined
    const found = use === 'use' ? await this.#find(key, input, request) : undefined
    return { key, request, ...(found !== undefined && { found }) }
  }

  async #find(key: string, input: ChatInput, request: KeyedRequest): Promise<Found | undefined> {
    const entry = await this.#store.find(key)
    const kept = readKeptChat(entry?.value)
    if (entry !== undefined && kept !== undefined) return { kept, storedAt: entry.storedAt }
    const about = this.#similar === undefined ? undefined : questionOf(input, request)
    const near = about && (await this.#similar?.find(about, input.signal))
    const similar = readKeptChat(near?.value)
    if (near === undefined || similar === undefined) return undefined
    return { kept: similar, storedAt: near.storedAt, similarity: near.similarity }
  }

  #keepChat(
    key: string,
    input: ChatInput,
    request: KeyedRequest,
    kept: KeptChat | undefined,
    generation: number,
  ): void {
    if (kept === undefined) return
    this.#write(async () => {
      await this.#keep(key, kept, generation)
      const about = this.#similar === undefined ? undefined : questionOf(input, request)
      if (about !== undefined && generation === this.#generation) await this.#similar?.keep(about, kept)
    })
  }

  async #keep(key: string, value: unknown, generation: number): Promise<void> {
    if (generation === this.#generation && (await this.#store.keep(key, value))) this.#tell('cache-stored')
  }

  /** Nobody waits for it but the end of everything. Must not reject. */
  #write(write: () => Promise<void>): void {
    const writing = write().finally(() => this.#writes.delete(writing))
    this.#writes.add(writing)
  }

  async #keyOf(request: KeyedRequest): Promise<string | undefined> {
    try {
      return await this.#store.keyOf(request)
    } catch (thrown) {
      // A secret that is none is for a person to see; what has no JSON has no key.
      if (isOpenMuxError(thrown)) throw thrown
      this.#report(thrown)
      return undefined
    }
  }

  #cachedChat({ kept, storedAt, similarity }: Found, startedAt: number): ChatResult {
    return asCached<ChatResult>(kept.result, storedAt, this.#clock.now() - startedAt, similarity)
  }

  #sharedResult<R extends ChatResult | EmbedResult>(result: R, startedAt: number): R {
    const now = this.#clock.now()
    return asCached<R>(result, now, now - startedAt)
  }

  #tell(type: 'cache-hit' | 'cache-stored'): void {
    this.#requests += 1
    if (this.#emitter.heard)
      this.#emitter.emit({ type, request: `cached-${this.#requests}`, at: this.#clock.now() })
  }

  #refuseWhenClosed(): void {
    if (!this.#closed) return
    throw new OpenMuxError({
      code: 'aborted',
      message: 'This OpenMux was closed.',
      hint: 'Create a new one.',
    })
  }
}

/** Reads until the end, or until the reader's own signal says that nobody waits any more. */
async function* untilLeft<E>(
  events: AsyncIterableIterator<E>,
  signal: AbortSignal | undefined,
): AsyncGenerator<E, void> {
  const leave = (): void => void events.return?.()
  signal?.addEventListener('abort', leave, { once: true })
  try {
    for (;;) {
      refuseAborted(signal)
      const step = await events.next()
      refuseAborted(signal)
      if (step.done === true) return
      yield step.value
    }
  } finally {
    signal?.removeEventListener('abort', leave)
    leave()
  }
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  const reason: unknown = signal.reason
  if (isOpenMuxError(reason)) throw reason
  throw new OpenMuxError({ code: 'aborted', message: 'The caller left.', cause: reason })
}
