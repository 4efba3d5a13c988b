import type { Clock } from '../contract/clock.js'
import type { LimitReport } from '../contract/limit.js'
import type { ModelCard } from '../contract/model-card.js'
import type { ModelChoice, ModelNeed } from '../contract/model-choice.js'
import type { Provider } from '../contract/provider.js'
import type { Readiness } from '../contract/readiness.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import { Memo } from './memo.js'

/** How long what a provider said about itself is believed, ms. */
const READY_FOR = 30_000
const NOT_READY_FOR = 2_000
const MODELS_FOR = 10_000

/** Longest a provider may take to say how it stands, ms; then it counts as not ready. */
const PROBE_LIMIT = 3_000
/** Longest it may take to name its models, ms; then others are asked. */
const LIST_LIMIT = 10_000

/**
 * Asks one provider how it stands and which models it has, and remembers the answer for a while,
 * so that a request in a row of requests costs no probe. Concurrent askers share one question;
 * it is not bound to any of them, so a caller who leaves spoils nothing for the others.
 */
export class Survey {
  readonly #provider: Provider
  readonly #clock: Clock
  readonly #closing: AbortSignal
  readonly #learn: (limit: LimitReport) => void
  readonly #readiness: Memo<Readiness>
  readonly #cards: Memo<readonly ModelCard[]>
  readonly #choices: Memo<readonly ModelChoice[]>

  /** @param learn told what a back end says of its allowances while it is asked how it stands. */
  constructor(provider: Provider, clock: Clock, closing: AbortSignal, learn: (limit: LimitReport) => void) {
    this.#learn = learn
    this.#provider = provider
    this.#clock = clock
    this.#closing = closing
    this.#readiness = new Memo(clock, (readiness) => (readiness.ready ? READY_FOR : NOT_READY_FOR))
    this.#cards = new Memo(clock, () => MODELS_FOR)
    this.#choices = new Memo(clock, () => MODELS_FOR)
  }

  readiness(): Readiness | Promise<Readiness> {
    return this.#readiness.get('', () =>
      this.#probe((signal) => this.#provider.ready({ signal, clock: this.#clock, onLimit: this.#learn })),
    )
  }

  cards(): readonly ModelCard[] | Promise<readonly ModelCard[]> {
    return this.#cards.get('', () =>
      this.#within(LIST_LIMIT, (signal) => this.#provider.models({ signal, clock: this.#clock }), tooLate),
    )
  }

  /** The models it had when it was asked last; empty when it was not. Asks nobody. */
  get knownCards(): readonly ModelCard[] {
    return this.#cards.known('') ?? []
  }

  /** Absent when the provider recommends nothing. */
  recommended(need: ModelNeed): readonly ModelChoice[] | Promise<readonly ModelChoice[]> | undefined {
    const provider = this.#provider
    if (provider.recommend === undefined) return undefined
    const key = [need.task, need.localOnly ? 'local' : 'anywhere', ...need.capabilities].join(' ')
    const ask = async (signal: AbortSignal): Promise<readonly ModelChoice[]> =>
      (await provider.recommend?.(need, { signal, clock: this.#clock })) ?? []
    return this.#choices.get(key, () => this.#within(LIST_LIMIT, ask, tooLate))
  }

  /** What was believed is no longer so: the provider just failed. */
  forget(): void {
    this.#readiness.clear()
    this.#cards.clear()
    this.#choices.clear()
  }

  /** Always answers: a probe that is late or breaks says "not ready" too. */
  async #probe(ask: (signal: AbortSignal) => Promise<Readiness>): Promise<Readiness> {
    try {
      return await this.#within(PROBE_LIMIT, ask, () => ({
        ready: false,
        reason: `gave no sign of life within ${PROBE_LIMIT / 1_000} s`,
        remedies: [`Check the server behind ${this.#provider.name}.`],
      }))
    } catch (thrown) {
      const error = toOpenMuxError(thrown, this.#provider.id)
      return { ready: false, reason: error.message, remedies: [error.hint] }
    }
  }

  /** What `ask` gives, or what `late` does once the limit is over. Ends a question that is late, or for nobody. */
  async #within<T>(limitMs: number, ask: (signal: AbortSignal) => Promise<T>, late: () => T): Promise<T> {
    const controller = new AbortController()
    const stop = (): void => controller.abort()
    this.#closing.addEventListener('abort', stop, { once: true })
    let cancelTimer = (): void => undefined
    try {
      return await new Promise<T>((resolve, reject) => {
        const overdue = (): void => {
          // First: how it takes its end is not its answer.
          try {
            resolve(late())
          } catch (thrown) {
            reject(thrown)
          }
          controller.abort()
        }
        cancelTimer = this.#clock.after(limitMs, overdue, true)
        ask(controller.signal).then(resolve, reject)
      })
    } finally {
      cancelTimer()
      this.#closing.removeEventListener('abort', stop)
    }
  }
}

function tooLate(): never {
  throw new OpenMuxError({
    code: 'timeout',
    phase: 'idle',
    message: `It did not say within ${LIST_LIMIT / 1_000} s which models it has.`,
  })
}
