import type { Progress } from '@openmux/core'
import { aborted, throwIfAborted } from '../failures.js'

/** Somebody who waits for a download. */
export interface DownloadWaiter {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** Downloads of one process: each model is fetched once, however many wait for it. */
export interface SharedDownloads<Result> {
  /**
   * Joins the download of `key` or starts it by `run`. When the last one who waits leaves, the
   * download is stopped; what is on disk stays for the next time.
   */
  join(
    key: string,
    model: string,
    waiter: DownloadWaiter,
    run: (signal: AbortSignal, tell: (progress: Progress) => void) => Promise<Result>,
  ): Promise<Result>
  /** Stops all. */
  stop(): void
}

interface Shared<Result> {
  readonly result: Promise<Result>
  readonly control: AbortController
  readonly waiters: Set<DownloadWaiter>
}

/** None under way. */
export function sharedDownloads<Result>(): SharedDownloads<Result> {
  const underWay = new Map<string, Shared<Result>>()
  const start = (
    key: string,
    run: (signal: AbortSignal, tell: (progress: Progress) => void) => Promise<Result>,
  ): Shared<Result> => {
    const control = new AbortController()
    const waiters = new Set<DownloadWaiter>()
    const tell = (progress: Progress): void => {
      for (const waiter of waiters) waiter.onProgress?.(progress)
    }
    const result = run(control.signal, tell).finally(() => {
      if (underWay.get(key)?.control === control) underWay.delete(key)
    })
    // Everybody may have left before it fails.
    result.catch(() => undefined)
    const shared = { result, control, waiters }
    underWay.set(key, shared)
    return shared
  }
  return {
    async join(key, model, waiter, run) {
      throwIfAborted(waiter.signal, model)
      const shared = underWay.get(key) ?? start(key, run)
      shared.waiters.add(waiter)
      let leave = (): void => undefined
      const left = new Promise<never>((_resolve, reject) => {
        leave = () => reject(aborted(model))
      })
      waiter.signal.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([shared.result, left])
      } finally {
        waiter.signal.removeEventListener('abort', leave)
        shared.waiters.delete(waiter)
        if (shared.waiters.size === 0) {
          // A newcomer must not join a download that is being stopped.
          if (underWay.get(key) === shared) underWay.delete(key)
          shared.control.abort()
        }
      }
    },
    stop() {
      for (const shared of underWay.values()) shared.control.abort()
    },
  }
}
