import type { Clock } from '../contract/clock.js'
import type { Provider } from '../contract/provider.js'
import type { Outcome } from '../ledger/ledger.js'

/** How long the network of this machine is believed to be gone after it failed, ms. */
const BELIEVED_FOR = 15_000

/** Whether this machine can reach others, as far as it is known without asking anybody. */
export interface OnlineReport {
  readonly online: boolean
  /** One phrase for people. */
  readonly reason: string
  /** When it will be tried again, ms since 1970. */
  readonly until?: number
}

/** The browser's and some runtimes' own word; Node has none. */
interface NavigatorLike {
  readonly onLine?: unknown
}

/**
 * Whether there is a network. Learned from what happens to requests and from the platform's own word: nothing is
 * ever sent to find out.
 */
export class Connectivity {
  readonly #clock: Clock
  readonly #declared: (() => boolean) | undefined
  #failedAt: number | undefined

  /** @param declared the user's own word, asked each time; its `false` is final. */
  constructor(clock: Clock, declared: (() => boolean) | undefined) {
    this.#clock = clock
    this.#declared = declared
  }

  report(): OnlineReport {
    if (this.#declared?.() === false) return { online: false, reason: 'declared to be offline' }
    if (platformSaysOffline()) return { online: false, reason: 'the platform says there is no network' }
    if (this.#failedAt !== undefined) {
      const until = this.#failedAt + BELIEVED_FOR
      const now = this.#clock.now()
      // Not from the future: the clock may have been set back.
      if (this.#failedAt <= now && now < until)
        return { online: false, reason: 'names could not be resolved a moment ago', until }
    }
    return { online: true, reason: 'nothing says otherwise' }
  }

  /** Learns from a request: an answer of a remote back end proves a network, a failure of this machine's own denies it. */
  learn(provider: Provider, outcome: Outcome): void {
    if (provider.locality !== 'remote') return
    if (outcome.result === 'answered') this.#failedAt = undefined
    if (outcome.result !== 'failed') return
    const { code, scope, field, upstream } = outcome.error
    // A setting at fault, such as a proxy, concerns those alone who go by it.
    if (code === 'network' && scope === 'machine' && !field) this.#failedAt = this.#clock.now()
    // Any answer came over some network.
    else if (upstream?.status !== undefined) this.#failedAt = undefined
  }
}

function platformSaysOffline(): boolean {
  const { navigator } = globalThis as { readonly navigator?: NavigatorLike }
  return navigator?.onLine === false
}
