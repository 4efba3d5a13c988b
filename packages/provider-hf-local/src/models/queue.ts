import type { OpenMuxError } from '@openmux/core'
import { aborted, failure } from '../failures.js'

/** Lets one through at a time, in the order of arrival. */
export interface CallQueue {
  /**
   * Resolves with a function that lets the next one through; call it once. Throws `unavailable` when
   * too many wait, `aborted` when the caller leaves. `onWait` hears how many are ahead, each time
   * the number changes, and 0 when the turn of a call that waited has come.
   */
  enter(signal: AbortSignal, onWait: (ahead: number) => void): Promise<() => void>
  /** How many are in or wait. */
  readonly size: number
}

interface Waiter {
  readonly admit: () => void
  readonly onWait: (ahead: number) => void
}

/** A queue in which at most `limit` wait beside the one that is served. */
export function callQueue(model: string, limit: number): CallQueue {
  const waiters: Waiter[] = []
  let busy = false
  const announce = (): void => waiters.forEach((waiter, place) => waiter.onWait(place + 1))
  const leave = (): void => {
    const next = waiters.shift()
    if (next === undefined) {
      busy = false
      return
    }
    next.admit()
    announce()
  }
  const ticket = (): (() => void) => {
    let used = false
    return () => {
      if (used) return
      used = true
      leave()
    }
  }
  return {
    get size() {
      return waiters.length + (busy ? 1 : 0)
    },
    enter(signal, onWait) {
      if (signal.aborted) return Promise.reject(aborted(model))
      if (!busy) {
        busy = true
        return Promise.resolve(ticket())
      }
      if (waiters.length >= limit) return Promise.reject(full(model, limit))
      return new Promise((resolve, reject) => {
        const giveUp = (): void => {
          const place = waiters.indexOf(waiter)
          if (place === -1) return
          waiters.splice(place, 1)
          reject(aborted(model))
          announce()
        }
        const waiter: Waiter = {
          onWait,
          admit: () => {
            signal.removeEventListener('abort', giveUp)
            onWait(0)
            resolve(ticket())
          },
        }
        waiters.push(waiter)
        signal.addEventListener('abort', giveUp, { once: true })
        onWait(waiters.length)
      })
    },
  }
}

function full(model: string, limit: number): OpenMuxError {
  return failure('unavailable', `${limit} calls wait for ${model} already; it answers one at a time.`, {
    model,
    hint: 'Try again later, use another provider, or raise the option `queueLimit`.',
  })
}
