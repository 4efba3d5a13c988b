import { defined, objectOf, positiveOf, textOf } from '@openmux/http'

/** One line of the answer of `POST /api/pull` (Ollama api/types.go, ProgressResponse). */
export interface PullLine {
  /** `pulling manifest`, `pulling 1a2b3c4d5e6f`, `verifying sha256 digest`, `success` … */
  readonly status: string
  /** The layer this line is about. */
  readonly digest?: string
  readonly totalBytes?: number
  readonly completedBytes?: number
}

/** Reads one line; undefined when it is not a progress line. */
export function readPullLine(value: unknown): PullLine | undefined {
  const line = objectOf(value)
  const status = textOf(line?.['status'])
  if (line === undefined || status === undefined) return undefined
  return defined({
    status,
    digest: textOf(line['digest']),
    totalBytes: positiveOf(line['total']),
    completedBytes: positiveOf(line['completed']),
  })
}
