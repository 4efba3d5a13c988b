import { getEventListeners } from 'node:events'
import { type CallContext, type Clock, type Progress, systemClock } from '@openmux/core'

/** A call's context that tells what the call leaves behind. */
export interface WatchedContext {
  readonly context: CallContext
  /** Aborts the call. */
  readonly controller: AbortController
  /** Every progress reported. */
  readonly progress: readonly Progress[]
  /** What is still attached: listeners on the signal, pending timers of the clock. */
  leftovers(): readonly string[]
}

/** A fresh context for one call; members of `base` but for the signal are kept. */
export function watchedContext(base: Partial<CallContext> = {}): WatchedContext {
  const controller = new AbortController()
  const clock = countingClock(base.clock ?? systemClock)
  const progress: Progress[] = []
  const context: CallContext = {
    ...base,
    signal: controller.signal,
    clock: clock.clock,
    onProgress(news) {
      progress.push(news)
      base.onProgress?.(news)
    },
  }
  return {
    context,
    controller,
    progress,
    leftovers() {
      const listeners = getEventListeners(controller.signal, 'abort').length
      const timers = clock.pending()
      return [
        ...(listeners > 0 ? [`${listeners} listener(s) on context.signal`] : []),
        ...(timers > 0 ? [`${timers} timer(s) of context.clock`] : []),
      ]
    },
  }
}

function countingClock(real: Clock): { clock: Clock; pending(): number } {
  let pending = 0
  return {
    pending: () => pending,
    clock: {
      now: () => real.now(),
      after(delayMs, run) {
        let over = false
        const settle = (): void => {
          if (!over) pending -= 1
          over = true
        }
        pending += 1
        const cancel = real.after(delayMs, () => {
          settle()
          run()
        })
        return () => {
          settle()
          cancel()
        }
      },
    },
  }
}
