import type { OpenMuxEvent, OpenMuxEventType } from './event.js'
import { tellQuietly } from './tell-quietly.js'

/** Is told about events. What it returns or throws changes nothing; a promise is not waited for. */
export type OpenMuxListener<Type extends OpenMuxEventType = OpenMuxEventType> = (
  event: Extract<OpenMuxEvent, { readonly type: Type }>,
) => unknown

interface Subscription {
  readonly types: ReadonlySet<OpenMuxEventType> | undefined
  readonly tell: (event: OpenMuxEvent) => unknown
}

/** Tells listeners, in the order they came; none of them can break or delay a request by failing. */
export class Emitter {
  #subscriptions: readonly Subscription[] = []

  /** Whether anybody listens: events are only made for somebody. */
  get heard(): boolean {
    return this.#subscriptions.length > 0
  }

  /** Subscribes; the returned function ends it. `types` undefined: all events. */
  on(types: readonly OpenMuxEventType[] | undefined, tell: (event: OpenMuxEvent) => unknown): () => void {
    const subscription: Subscription = { types: types && new Set(types), tell }
    // A new list, so that who comes or goes in the middle of an event changes nothing for the others.
    this.#subscriptions = [...this.#subscriptions, subscription]
    return () => {
      this.#subscriptions = this.#subscriptions.filter((other) => other !== subscription)
    }
  }

  emit(event: OpenMuxEvent): void {
    for (const { types, tell } of this.#subscriptions) {
      if (types !== undefined && !types.has(event.type)) continue
      tellQuietly(tell, event)
    }
  }
}
