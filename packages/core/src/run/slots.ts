import type { RequestScope } from './request-scope.js'

/** A place in the queue for a slot. */
export interface Waiting {
  /** The slot when it is its turn; undefined after {@link leave}. Fails when the request ends first. */
  readonly turn: Promise<Release | undefined>
  /** Gives the place up. */
  leave(): void
}

/** Gives a slot back. Safe to call twice. */
export type Release = () => void

interface Waiter {
  readonly admit: () => void
  readonly moved: (ahead: number) => void
}

/** Requests at a time per provider; who comes first is served first. */
export class Slots {
  readonly #limits: ReadonlyMap<string, number>
  readonly #busy = new Map<string, number>()
  readonly #waiting = new Map<string, Waiter[]>()

  /** @param limits slots by provider id; providers that are not named have no limit. */
  constructor(limits: ReadonlyMap<string, number>) {
    this.#limits = limits
  }

  /** Whether a slot is free right now. */
  free(providerId: string): boolean {
    const limit = this.#limits.get(providerId)
    return limit === undefined || (this.#busy.get(providerId) ?? 0) < limit
  }

  /** A slot at once where one is free; else in turn, told how many are ahead. Fails when the request ends first. */
  take(providerId: string, scope: RequestScope, onQueue: (ahead: number) => void): Release | Waiting {
    if (this.#limits.get(providerId) === undefined) return () => undefined
    if (this.free(providerId) && (this.#waiting.get(providerId)?.length ?? 0) === 0)
      return this.#occupy(providerId)
    return this.#wait(providerId, scope, onQueue)
  }

  #wait(providerId: string, scope: RequestScope, moved: (ahead: number) => void): Waiting {
    const left = Promise.withResolvers<void>()
    return { turn: this.#turn(providerId, scope, moved, left.promise), leave: () => left.resolve() }
  }

  async #turn(
    providerId: string,
    scope: RequestScope,
    moved: (ahead: number) => void,
    left: Promise<void>,
  ): Promise<Release | undefined> {
    const queue = this.#waiting.get(providerId) ?? []
    this.#waiting.set(providerId, queue)
    const admitted = Promise.withResolvers<void>()
    let release: Release | undefined
    const waiter: Waiter = {
      admit: () => {
        release = this.#occupy(providerId)
        admitted.resolve()
      },
      moved,
    }
    queue.push(waiter)
    try {
      moved(queue.length)
      await scope.race(Promise.race([admitted.promise, left]))
      if (release === undefined) removeFrom(queue, waiter)
      return release
    } catch (thrown) {
      // The request ended while waiting, or in the very moment of being admitted.
      release?.()
      removeFrom(queue, waiter)
      throw thrown
    }
  }

  #occupy(providerId: string): Release {
    this.#busy.set(providerId, (this.#busy.get(providerId) ?? 0) + 1)
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#busy.set(providerId, (this.#busy.get(providerId) ?? 1) - 1)
      this.#admitNext(providerId)
    }
  }

  #admitNext(providerId: string): void {
    const queue = this.#waiting.get(providerId)
    const next = queue?.shift()
    if (next === undefined) return
    next.admit()
    tellMoved(queue ?? [])
  }
}

/** So many in front are told of every step. */
const TOLD_EVERY_STEP = 16

/** Those further behind are told each time as many again are gone: ten thousand must not be told ten thousand times. */
function tellMoved(queue: readonly Waiter[]): void {
  for (let ahead = 1; ahead <= queue.length; ahead += ahead < TOLD_EVERY_STEP ? 1 : ahead)
    queue[ahead - 1]?.moved(ahead)
}

function removeFrom(queue: Waiter[], waiter: Waiter): void {
  const place = queue.indexOf(waiter)
  if (place >= 0) queue.splice(place, 1)
}
