import { type CallContext, OpenMuxError } from '@openmux/core'
import type { HttpClient } from '@openmux/http'
import { notOllama } from '../server-api.js'
import { isInBandError } from '../wire/in-band-error.js'
import { readPullLine } from '../wire/pull-line.js'
import { asProgress, createPullTally, type PullProgress } from './pull-progress.js'

const PATH = '/api/pull'

/**
 * Fetches a model into the server. Failures come in the stream, after a success status; what was
 * fetched before one is kept by the server. An end without `success` is `truncated`.
 */
export async function pull(
  client: HttpClient,
  model: string,
  context: CallContext,
  onProgress: ((progress: PullProgress) => void) | undefined,
): Promise<void> {
  const answer = await client.stream({
    path: PATH,
    json: { model, stream: true },
    model,
    context,
    timeouts: { headersMs: 0, idleMs: 0 },
  })
  const tally = createPullTally(model)
  try {
    for await (const value of answer.ndjson()) {
      if (isInBandError(value)) throw client.failure({ status: 200, body: value, model, path: PATH }, context)
      const line = readPullLine(value)
      if (line === undefined) throw notOllama(client.host, PATH, model)
      const progress = tally(line)
      onProgress?.(progress)
      context.onProgress?.(asProgress(progress))
      if (progress.done) return
    }
  } finally {
    await answer.cancel()
  }
  throw new OpenMuxError({
    code: 'truncated',
    provider: 'ollama',
    model,
    message: `The download of ${model} ended before it was complete.`,
    hint: 'Pull again: what was fetched is kept.',
  })
}
