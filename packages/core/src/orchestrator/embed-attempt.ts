import type { Attempt } from '../contract/attempt.js'
import type { EmbedRequest, EmbedResponse } from '../contract/embed-request.js'
import type { EmbeddingSpace } from '../contract/embedding-space.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { providersFailure, toOpenMuxError } from '../errors/to-openmux-error.js'
import { attemptRecord } from '../run/attempt-record.js'
import type { Candidate } from '../run/candidate.js'
import { plausibleUsage } from '../run/estimate-usage.js'
import type { BegunRequest } from '../run/knowledge.js'
import { checkedVectors } from './check-vectors.js'
import type { EmbedInput } from './embed-input.js'
import type { Engine } from './engine.js'
import type { AttemptListeners, RunningRequest } from './running-request.js'

/** Texts in one call of a back end that names no limit. */
const DEFAULT_BATCH = 128

/** One candidate at work on an embedding request: one call a batch. */
export class EmbedAttempt {
  readonly candidate: Candidate
  readonly #engine: Engine
  readonly #running: RunningRequest
  readonly #input: EmbedInput
  readonly #listeners: AttemptListeners
  readonly #startedAt: number
  #begun: BegunRequest | undefined

  constructor(engine: Engine, running: RunningRequest, input: EmbedInput, candidate: Candidate) {
    this.candidate = candidate
    this.#engine = engine
    this.#running = running
    this.#input = input
    this.#listeners = running.tellAttempt(candidate, { learn: (limit) => this.#begun?.learn(limit) })
    this.#startedAt = engine.clock.now()
  }

  /** The space its card or the user names; undefined when nobody does. */
  get space(): EmbeddingSpace | undefined {
    const { card, provider, model } = this.candidate
    return card?.space ?? this.#engine.stated.spaceOf(provider.id, model)
  }

  /** How many texts go in one call. */
  get batchSize(): number {
    const most = this.candidate.card?.maxBatch ?? DEFAULT_BATCH
    // A number that cannot be one says nothing; taken at its word, the work would never end.
    return most >= 1 ? most : DEFAULT_BATCH
  }

  /** The vectors of one batch, checked; what is known of the target learns from it. */
  async call(inputs: readonly string[], space: EmbeddingSpace | undefined): Promise<EmbedResponse> {
    const { candidate } = this
    const { provider, model } = candidate
    const { scope, onProgress } = this.#running
    const taken = this.#engine.slots.take(provider.id, scope, (ahead) =>
      onProgress?.({ kind: 'queue', model, ahead }),
    )
    const release = typeof taken === 'function' ? taken : await taken.turn
    const startedAt = this.#engine.clock.now()
    const begun = (this.#begun = this.#engine.knowledge.begin(provider, model))
    const durationMs = (): number => this.#engine.clock.now() - startedAt
    try {
      // Nothing is sent for a request that is over.
      if (scope.failure !== undefined) throw scope.failure
      const answer = await scope.race(this.#ask(inputs))
      this.#checkLength(answer)
      const response = checkedVectors(answer, inputs.length, candidate, space)
      const usage = plausibleUsage(response.usage)
      begun.settle({
        result: 'answered',
        durationMs: durationMs(),
        ...(usage !== undefined && { inputTokens: usage.inputTokens }),
      })
      return response
    } catch (thrown) {
      const error =
        scope.failure === undefined || scope.failure !== thrown
          ? providersFailure(thrown, provider.id, model)
          : scope.failure
      begun.settle({
        ...(error.code === 'aborted' ? { result: 'aborted' } : { result: 'failed', error }),
        durationMs: durationMs(),
      })
      throw error
    } finally {
      release?.()
    }
  }

  /** Vectors of another length than the model is known to make are not its vectors. */
  #checkLength({ space }: EmbedResponse): void {
    const { dimensions } = this.space ?? space
    if (this.#input.dimensions !== undefined || space.dimensions === dimensions) return
    const { model } = this.candidate
    throw new OpenMuxError({
      code: 'bad-response',
      scope: 'model',
      message: `${model} makes vectors of ${dimensions} numbers; ${space.dimensions} came.`,
    })
  }

  answered(): Attempt {
    const attempt = attemptRecord(this.candidate, this.#startedAt, this.#engine.clock.now())
    this.#listeners.onEnd(attempt)
    return attempt
  }

  failed(thrown: unknown): { readonly error: OpenMuxError; readonly attempt: Attempt } {
    const { provider, model } = this.candidate
    const error = toOpenMuxError(thrown, provider.id, model)
    const attempt = attemptRecord(this.candidate, this.#startedAt, this.#engine.clock.now(), error)
    this.#listeners.onEnd(attempt)
    return { error, attempt }
  }

  #ask(inputs: readonly string[]): Promise<EmbedResponse> {
    const { provider, model } = this.candidate
    if (provider.embed === undefined)
      throw new OpenMuxError({ code: 'unsupported', message: `${provider.name} does not embed.` })
    const { localOnly, dimensions, purpose, providerOptions } = this.#input
    const { scope, onProgress } = this.#running
    const request: EmbedRequest = {
      model,
      inputs,
      ...(localOnly === true && { localOnly: true }),
      ...(dimensions !== undefined && { dimensions }),
      ...(purpose !== undefined && { purpose }),
      ...(providerOptions !== undefined && { providerOptions }),
    }
    return provider.embed(request, {
      signal: scope.signal,
      clock: scope.clock,
      onLimit: this.#listeners.onLimit,
      ...(scope.deadline !== Number.POSITIVE_INFINITY && { deadline: scope.deadline }),
      ...(onProgress !== undefined && { onProgress }),
    })
  }
}
