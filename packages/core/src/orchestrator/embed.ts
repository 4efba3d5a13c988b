import type { Attempt } from '../contract/attempt.js'
import type { EmbedResponse } from '../contract/embed-request.js'
import { embeddingSpaceId } from '../contract/embedding-space.js'
import type { Usage } from '../contract/usage.js'
import { attach } from '../errors/attach.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import { estimateTokens } from '../plan/estimate-tokens.js'
import { addUsage, plausibleUsage } from '../run/estimate-usage.js'
import { checkEmbedInput } from './check-input.js'
import { EmbedAttempt } from './embed-attempt.js'
import { type EmbedInput, EMBEDDINGS } from './embed-input.js'
import type { Engine } from './engine.js'
import type { EmbedResult } from './results.js'
import type { RunningRequest } from './running-request.js'

/**
 * Vectors for texts, in their order. From the first attempt on, only candidates of its embedding space are tried.
 * Many texts go in several calls; a call that fails is made again alone, elsewhere in the same space, and what was
 * done before is kept.
 */
export async function embedTexts(engine: Engine, input: EmbedInput): Promise<EmbedResult> {
  const inputs = checkEmbedInput(input)
  if (engine.opened !== undefined) await engine.opening(input.signal)
  const queue = engine.queue(input, EMBEDDINGS, [])
  if (input.space !== undefined) queue.keepToSpace(embeddingSpaceId(input.space))
  const running = engine.begin(input, queue, false)
  const { scope, failover } = running
  const done: EmbedResponse[] = []
  let space = input.space
  let embedded = 0
  let most = Number.POSITIVE_INFINITY
  try {
    for (;;) {
      const attempt = new EmbedAttempt(engine, running, input, await failover.candidate())
      const wanted = space
      space ??= attempt.space
      queue.keepToSpace(attempt.space === undefined ? 'not known' : embeddingSpaceId(attempt.space), scope)
      const size = Math.min(most, attempt.batchSize)
      try {
        while (embedded < inputs.length) {
          const batch = inputs.slice(embedded, embedded + size)
          // What was made already decides: a card may name another space than its model answers in.
          done.push(await attempt.call(batch, done[0]?.space ?? wanted))
          embedded += batch.length
        }
        const record = attempt.answered()
        queue.mark(record, 'answered')
        const result = resultOf(engine, running, attempt, record, done, inputs)
        running.tellEnd({ result })
        return result
      } catch (thrown) {
        const { error, attempt: record } = attempt.failed(thrown)
        const sent = Math.min(size, inputs.length - embedded)
        // Too many texts at once for this back end: the same ones again, fewer at a time.
        most = Math.max(1, Math.floor(sent / 4))
        if (error.code === 'too-large' && sent > 1 && failover.sameAgain(record)) continue
        most = Number.POSITIVE_INFINITY
        await failover.failed(error, record)
      }
    }
  } catch (thrown) {
    const error = attach(toOpenMuxError(thrown), { attempts: failover.attempts, decision: queue.decision() })
    running.tellEnd({ error })
    throw error
  } finally {
    scope.end()
  }
}

function resultOf(
  engine: Engine,
  { scope, failover, queue, warnings }: RunningRequest,
  { candidate }: EmbedAttempt,
  attempt: Attempt,
  done: readonly EmbedResponse[],
  inputs: readonly string[],
): EmbedResult {
  const last = done.at(-1)
  if (last === undefined) throw new OpenMuxError({ code: 'bad-response', message: 'No vectors came.' })
  const notice = engine.noticeOf(candidate.provider)
  engine.noticed(candidate.provider)
  return {
    provider: candidate.provider.id,
    model: last.model,
    vectors: done.flatMap(({ vectors }) => vectors),
    space: last.space,
    usage: usageOf(done, inputs),
    warnings: notice === undefined ? warnings : [{ kind: 'notice', message: notice }, ...warnings],
    attempts: [...failover.attempts, attempt],
    decision: queue.decision(),
    durationMs: engine.clock.now() - scope.startedAt,
  }
}

function usageOf(done: readonly EmbedResponse[], inputs: readonly string[]): Usage {
  const told = done.flatMap(({ usage }) => plausibleUsage(usage) ?? [])
  const sum = told.length === done.length ? addUsage(told) : undefined
  return sum ?? { inputTokens: estimateTokens(inputs.join(' ')), outputTokens: 0, estimated: true }
}
