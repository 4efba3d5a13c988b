import type { Progress } from '@openmux/core'
import type { PullLine } from '../wire/pull-line.js'

/** News of a download, and what the server is doing in its own words. */
export interface PullProgress {
  readonly model: string
  /** `pulling manifest`, `verifying sha256 digest` … */
  readonly status: string
  /** Of all parts named so far; parts become known one after the other. */
  readonly loadedBytes: number
  readonly totalBytes?: number
  readonly done: boolean
}

/** Sums up the lines of a download: parts are told one by one, people want the whole. */
export function createPullTally(model: string): (line: PullLine) => PullProgress {
  const parts = new Map<string, { total: number; completed: number }>()
  return ({ status, digest, totalBytes = 0, completedBytes = 0 }) => {
    const before = digest === undefined ? undefined : parts.get(digest)
    if (digest !== undefined) {
      // A part that is taken up again begins lower than it was; what is told never goes back.
      const completed = Math.max(before?.completed ?? 0, completedBytes)
      parts.set(digest, { total: Math.max(before?.total ?? 0, totalBytes, completed), completed })
    }
    const sum = (key: 'total' | 'completed'): number =>
      [...parts.values()].reduce((all, part) => all + part[key], 0)
    const allBytes = sum('total')
    return {
      model,
      status,
      loadedBytes: sum('completed'),
      ...(allBytes > 0 ? { totalBytes: allBytes } : {}),
      done: status === 'success',
    }
  }
}

/** The same in the contract's words. */
export function asProgress({ model, loadedBytes, totalBytes, done }: PullProgress): Progress {
  return { kind: 'download', model, loadedBytes, ...(totalBytes === undefined ? {} : { totalBytes }), done }
}
