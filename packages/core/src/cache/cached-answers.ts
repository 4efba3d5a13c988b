import { type Clock, systemClock } from '../contract/clock.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { Emitter, type OpenMuxListener } from '../observe/emitter.js'
import type { OpenMuxEventType } from '../observe/event.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import { type Settle, streamOnce } from '../orchestrator/stream-once.js'
import type { EmbedInput } from '../orchestrator/embed-input.js'
import type { OpenMux } from '../orchestrator/openmux.js'
import type { ChatResult, ChatStream, ChatStreamEvent, EmbedResult } from '../orchestrator/results.js'
import { AnswerKeeper, type Found, type Keyed } from './answer-keeper.js'
import {
  type CacheWishes,
  flightKey,
  keyedChat,
  keyedEmbedding,
  readWishes,
  setupKey,
  type Wished,
} from './cache-request.js'
import { asCached, asCachedEvent, type KeptChat, keptChat, keptEmbedding } from './cached-answer.js'
import { SharedStreams } from './shared-stream.js'
import { SingleFlight } from './single-flight.js'
import { unlessLeft, untilLeft } from './until-left.js'
import type { WithCacheOptions } from './with-cache.js'

/** What a stream under way hands to its readers: its events, and the result just before the last of them. */
type Shared = ChatStreamEvent | { readonly type: 'result'; readonly result: ChatResult }

/** Answers out of a cache, or else out of an OpenMux and into the cache. */
export class CachedAnswers {
  readonly #openmux: OpenMux
  readonly #clock: Clock
  readonly #keeper: AnswerKeeper
  readonly #setup: unknown
  readonly #defaults: Required<CacheWishes>
  readonly #emitter = new Emitter()
  readonly #chats = new SingleFlight<ChatResult>()
  readonly #embeddings = new SingleFlight<EmbedResult>()
  readonly #streams = new SharedStreams<Shared>()
  #told = 0
  #closed = false

  constructor(openmux: OpenMux, options: WithCacheOptions) {
    const { secret, setup, caller = '', use = 'use' } = options
    this.#openmux = openmux
    this.#clock = options.clock ?? systemClock
    this.#setup = setupKey(setup, secret)
    this.#defaults = { cache: use, caller }
    this.#keeper = new AnswerKeeper(options, () => this.#tell('cache-stored'))
  }

  async chat(given: ChatInput & CacheWishes): Promise<ChatResult> {
    const wished = readWishes<ChatInput>(given, this.#defaults)
    const { input } = wished
    const startedAt = this.#clock.now()
    const { keyed, found } = await this.#lookUp(wished)
    if (keyed === undefined) return this.#openmux.chat(input)
    if (found !== undefined) return this.#foundChat(found, startedAt)
    const { outcome, shared } = this.#chats.run(
      flightKey(keyed.key, input),
      async (signal) => {
        const { generation } = this.#keeper
        const result = await this.#openmux.chat({ ...input, signal })
        this.#keeper.keepChat(keyed, input, keptChat(result), generation)
        return result
      },
      input.signal,
    )
    const result = await outcome
    if (!shared) return result
    // Whoever comes later may be answered by somebody better.
    return result.lastResort === undefined ? this.#sharedResult(result, startedAt) : this.#openmux.chat(input)
  }

  stream(given: ChatInput & CacheWishes): ChatStream {
    return streamOnce((outcome) => this.#events(given, outcome))
  }

  async embed(given: EmbedInput & CacheWishes): Promise<EmbedResult> {
    const { input, use, caller } = readWishes<EmbedInput>(given, this.#defaults)
    const startedAt = this.#clock.now()
    if (use === 'off') return this.#openmux.embed(input)
    this.#refuseWhenClosed()
    const keyed = await this.#keeper.keyed(keyedEmbedding(input, caller, this.#setup))
    if (keyed === undefined) return this.#openmux.embed(input)
    const found =
      use === 'use' ? await unlessLeft(this.#keeper.findEmbedding(keyed), input.signal) : undefined
    if (found !== undefined) {
      this.#tell('cache-hit')
      return asCached<EmbedResult>(found.kept.result, found.storedAt, this.#clock.now() - startedAt)
    }
    const { outcome, shared } = this.#embeddings.run(
      flightKey(keyed.key, input),
      async (signal) => {
        const { generation } = this.#keeper
        const result = await this.#openmux.embed({ ...input, signal })
        this.#keeper.keepEmbedding(keyed, keptEmbedding(result), generation)
        return result
      },
      input.signal,
    )
    const result = await outcome
    return shared ? this.#sharedResult(result, startedAt) : result
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

  clear(): Promise<number> {
    return this.#keeper.clear()
  }

  async close(): Promise<void> {
    this.#closed = true
    try {
      await this.#openmux.close()
    } finally {
      await this.#keeper.settled()
    }
  }

  async *#events(
    given: ChatInput & CacheWishes,
    outcome: Settle<ChatResult>,
  ): AsyncGenerator<ChatStreamEvent, void> {
    let settled = false
    const settle = (result: ChatResult): void => {
      settled = true
      outcome.resolve(result)
    }
    try {
      const wished = readWishes<ChatInput>(given, this.#defaults)
      const { input } = wished
      const startedAt = this.#clock.now()
      const { keyed, found } = await this.#lookUp(wished)
      if (found !== undefined) {
        settle(this.#foundChat(found, startedAt))
        for (const event of found.kept.events) yield asCachedEvent(event)
        return
      }
      const { events, shared } = this.#asked(keyed, input)
      for await (const event of untilLeft(events, input.signal)) {
        if (shared && event.type === 'start' && event.lastResort !== undefined) {
          // Whoever comes later may be answered by somebody better.
          for await (const own of withResult(this.#openmux.stream(input), () => undefined)) {
            if (own.type === 'result') settle(own.result)
            else yield own
          }
          return
        }
        if (event.type !== 'result') yield shared ? asCachedEvent(event) : event
        else settle(shared ? this.#sharedResult(event.result, startedAt) : event.result)
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

  /** A stream of its own for a request that is not to be kept; else one for all who ask the same. */
  #asked(
    keyed: Keyed | undefined,
    input: ChatInput,
  ): { readonly events: AsyncIterableIterator<Shared>; readonly shared: boolean } {
    if (keyed === undefined)
      return { events: withResult(this.#openmux.stream(input), () => undefined), shared: false }
    return this.#streams.read(flightKey(keyed.key, input), (signal) => {
      const { generation } = this.#keeper
      return withResult(this.#openmux.stream({ ...input, signal }), (result, events) =>
        this.#keeper.keepChat(keyed, input, keptChat(result, events), generation),
      )
    })
  }

  /** What is known of a request. Without a key it goes on without the cache. */
  async #lookUp({
    input,
    use,
    caller,
  }: Wished<ChatInput>): Promise<{ readonly keyed?: Keyed; readonly found?: Found<KeptChat> }> {
    if (use === 'off') return {}
    this.#refuseWhenClosed()
    const keyed = await this.#keeper.keyed(keyedChat(input, caller, this.#setup))
    if (keyed === undefined) return {}
    const found =
      use === 'use' ? await unlessLeft(this.#keeper.findChat(keyed, input), input.signal) : undefined
    return { keyed, ...(found !== undefined && { found }) }
  }

  #foundChat({ kept, storedAt, similarity }: Found<KeptChat>, startedAt: number): ChatResult {
    this.#tell('cache-hit')
    return asCached<ChatResult>(kept.result, storedAt, this.#clock.now() - startedAt, similarity)
  }

  /** What somebody else is paying for. */
  #sharedResult<R extends ChatResult | EmbedResult>(result: R, startedAt: number): R {
    this.#tell('cache-hit')
    const now = this.#clock.now()
    return asCached<R>(result, now, now - startedAt)
  }

  #tell(type: 'cache-hit' | 'cache-stored'): void {
    this.#told += 1
    if (this.#emitter.heard)
      this.#emitter.emit({ type, request: `cached-${this.#told}`, at: this.#clock.now() })
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

/** The events of a stream, with its result before the last of them: the answer is whole from there on. */
async function* withResult(
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
