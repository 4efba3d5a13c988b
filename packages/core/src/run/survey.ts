import type { Clock } from '../contract/clock.js'
import type { LimitReport } from '../contract/limit.js'
import type { ModelCard } from '../contract/model-card.js'
import type { ModelChoice, ModelNeed } from '../contract/model-choice.js'
import type { Provider } from '../contract/provider.js'
import type { Readiness } from '../contract/readiness.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import { Memo } from './memo.js'

/** How long what a provider said about itself is believed, ms. */
const READY_FOR = 30_000
const NOT_READY_FOR = 2_000
const MODELS_FOR = 10_000

/** Longest a provider may take to say how it stands, ms; then it counts as not ready. */
const PROBE_LIMIT = 3_000

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
    return this.#cards.get('', () => this.#provider.models({ signal: this.#closing, clock: this.#clock }))
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
    return this.#choices.get(
      key,
      async () => (await provider.recommend?.(need, { signal: this.#closing, clock: this.#clock })) ?? [],
    )
  }

  /** What was believed is no longer so: the provider just failed. */
  forget(): void {
    this.#readiness.clear()
    this.#cards.clear()
    this.#choices.clear()
  }

  /** Always answers: a probe that is late or breaks says "not ready" too. */
  async #probe(ask: (signal: AbortSignal) => Promise<Readiness>): Promise<Readiness> {
    const controller = new AbortController()
    const stop = (): void => controller.abort()
    this.#closing.addEventListener('abort', stop, { once: true })
    let cancelTimer = (): void => undefined
    try {
      return await new Promise<Readiness>((resolve, reject) => {
        cancelTimer = this.#clock.after(PROBE_LIMIT, () => {
          resolve({
            ready: false,
            reason: `gave no sign of life within ${PROBE_LIMIT / 1_000} s`,
            remedies: [`Check the server behind ${this.#provider.name}.`],
          })
          controller.abort()
        })
        ask(controller.signal).then(resolve, reject)
      })
    } catch (thrown) {
      const error = toOpenMuxError(thrown, this.#provider.id)
      return { ready: false, reason: error.message, remedies: [error.hint] }
    } finally {
      cancelTimer()
      this.#closing.removeEventListener('abort', stop)
    }
  }
}
