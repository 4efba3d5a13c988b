import { type Clock, systemClock } from '../contract/clock.js'
import { isOpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import { type AnswerStore, answerStore } from './answer-store.js'
import type { KeyedRequest } from './cache-key.js'
import { questionOf } from './cache-request.js'
import { type KeptChat, type KeptEmbedding, readKeptChat, readKeptEmbedding } from './cached-answer.js'
import { SimilarAnswers } from './similar-answers.js'
import type { WithCacheOptions } from './with-cache.js'

/** A request that has a key. */
export interface Keyed {
  readonly key: string
  readonly request: KeyedRequest
}

/** An answer that was found. */
export interface Found<K> {
  readonly kept: K
  readonly storedAt: number
  /** Of one to a similar question. */
  readonly similarity?: number
}

/** Finds and keeps answers, exactly and by likeness. Its faults are told to `onError` and cost no answer. */
export class AnswerKeeper {
  readonly #store: AnswerStore
  readonly #similar: SimilarAnswers | undefined
  readonly #report: (thrown: unknown) => void
  readonly #stored: () => void
  /** What is being kept. */
  readonly #writes = new Set<Promise<void>>()
  #generation = 0

  /** @param stored told after each answer that went into the cache. */
  constructor(options: WithCacheOptions, stored: () => void) {
    const { cache, secret, namespace, semantic, onError } = options
    const clock: Clock = options.clock ?? systemClock
    this.#stored = stored
    this.#report = (thrown) => {
      try {
        onError?.(toOpenMuxError(thrown))
      } catch {
        // A listener's fault must not cost the answer.
      }
    }
    this.#store = answerStore({
      cache,
      clock,
      onError: this.#report,
      ...(secret !== undefined && { secret }),
      ...(namespace !== undefined && { namespace }),
    })
    this.#similar = semantic && new SimilarAnswers(semantic, this.#store, this.#report)
  }

  /** Counts clearings: what was asked before one is not kept after it. */
  get generation(): number {
    return this.#generation
  }

  /** Undefined for a request that has no key. Errors: `bad-config` for a secret that is none. */
  async keyed(request: KeyedRequest): Promise<Keyed | undefined> {
    try {
      return { key: await this.#store.keyOf(request), request }
    } catch (thrown) {
      // A secret that is none is for a person to see; what has no JSON has no key.
      if (isOpenMuxError(thrown)) throw thrown
      this.#report(thrown)
      return undefined
    }
  }

  async findChat({ key, request }: Keyed, input: ChatInput): Promise<Found<KeptChat> | undefined> {
    const entry = await this.#store.find(key)
    const kept = readKeptChat(entry?.value)
    if (entry !== undefined && kept !== undefined) return { kept, storedAt: entry.storedAt }
    const about = this.#similar === undefined ? undefined : questionOf(input, request)
    const near = about && (await this.#similar?.find(about, input.signal))
    const similar = readKeptChat(near?.value)
    if (near === undefined || similar === undefined) return undefined
    return { kept: similar, storedAt: near.storedAt, similarity: near.similarity }
  }

  async findEmbedding({ key }: Keyed): Promise<Found<KeptEmbedding> | undefined> {
    const entry = await this.#store.find(key)
    const kept = readKeptEmbedding(entry?.value)
    return entry === undefined || kept === undefined ? undefined : { kept, storedAt: entry.storedAt }
  }

  /** Keeps an answer to what was asked in a generation; nobody waits for it but {@link clear} and {@link settled}. */
  keepChat({ key, request }: Keyed, input: ChatInput, kept: KeptChat | undefined, generation: number): void {
    if (kept === undefined) return
    this.#write(async () => {
      await this.#keep(key, kept, generation)
      const about = this.#similar === undefined ? undefined : questionOf(input, request)
      if (about !== undefined && generation === this.#generation) await this.#similar?.keep(about, kept)
    })
  }

  keepEmbedding({ key }: Keyed, kept: KeptEmbedding | undefined, generation: number): void {
    if (kept !== undefined) this.#write(() => this.#keep(key, kept, generation))
  }

  /** Removes everything, also what is being kept just now; gives the number of answers. */
  async clear(): Promise<number> {
    this.#generation += 1
    await this.settled()
    try {
      return (await this.#store.cache.clear()) + (this.#similar?.clear() ?? 0)
    } catch (thrown) {
      throw toOpenMuxError(thrown)
    }
  }

  /** Settles when nothing is being kept any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes)
  }

  async #keep(key: string, value: unknown, generation: number): Promise<void> {
    if (generation === this.#generation && (await this.#store.keep(key, value))) this.#stored()
  }

  /** `write` must not reject. */
  #write(write: () => Promise<void>): void {
    const writing = write().finally(() => this.#writes.delete(writing))
    this.#writes.add(writing)
  }
}
