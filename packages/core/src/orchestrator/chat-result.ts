import type { ChatEvent } from '../contract/chat-event.js'
import type { ChatRequest } from '../contract/chat-request.js'
import type { AnswerReader } from '../run/answer-reader.js'
import { estimateUsage } from '../run/estimate-usage.js'
import { attemptRecord, type Success } from '../run/failover.js'
import type { Engine, RunningRequest } from './engine.js'
import type { ChatResult } from './results.js'

/** The result of an answer that was read to its end. */
export function chatResult(
  engine: Engine,
  running: RunningRequest,
  success: Success<{
    readonly reader: AnswerReader
    readonly begun: readonly ChatEvent[]
    readonly request: ChatRequest
  }>,
): ChatResult {
  const { candidate, failed, value } = success
  const { reader, begun, request } = value
  const { answer } = reader
  const now = engine.clock.now()
  const firstTokenMs = reader.firstTokenAt === undefined ? undefined : reader.firstTokenAt - reader.startedAt
  const attempt = {
    ...attemptRecord(candidate, success.startedAt, now),
    ...(firstTokenMs !== undefined && { firstTokenMs }),
  }
  const [start] = begun
  return {
    provider: candidate.provider.id,
    model: answer.model ?? candidate.model,
    text: answer.text,
    reasoning: answer.reasoning,
    toolCalls: answer.toolCalls,
    // The reader lets no answer through without one.
    finishReason: answer.finishReason ?? 'other',
    ...(answer.rawFinishReason !== undefined && { rawFinishReason: answer.rawFinishReason }),
    usage: answer.usage ?? estimateUsage(request, answer.text + answer.reasoning),
    warnings: start?.type === 'start' ? start.warnings : answer.warnings,
    attempts: [...failed, attempt],
    decision: running.queue.decision(),
    durationMs: now - running.scope.startedAt,
    ...(reader.firstTokenAt !== undefined && { firstTokenMs: reader.firstTokenAt - running.scope.startedAt }),
  }
}
