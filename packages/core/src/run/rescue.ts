import type { ChatRequest } from '../contract/chat-request.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { PartialAnswer } from '../errors/partial-answer.js'
import { estimateTokens } from '../plan/estimate-tokens.js'
import type { Candidate } from './candidate.js'
import { type Continuation, prefillIsSafe } from './splice.js'

/**
 * What happens when an answer breaks off after its first piece.
 * - `continue`: another candidate goes on where the text broke off; if its text differs, the stream fails with both texts.
 * - `restart`: the same, but if the text differs, a `resumed` event with `discard` tells the caller to forget
 *   what came, and the new answer follows whole.
 * - `fail`: nothing is tried.
 */
export type OnBreak = 'continue' | 'restart' | 'fail'

/** Pure: why an answer that broke off must not be continued; undefined when it may be. */
export function whyNotContinued(
  partial: PartialAnswer,
  request: ChatRequest,
  onBreak: OnBreak,
): string | undefined {
  if (onBreak === 'fail') return 'the request does not want it continued'
  if (partial.toolCalls.length > 0) return 'a tool call was under way'
  if (request.responseFormat !== undefined && request.responseFormat.type !== 'text' && partial.text !== '')
    return 'JSON of two models cannot be joined'
  return undefined
}

/** The error of a stream that could not be continued: the partial text, and the first failure as its cause. */
export function notContinued(error: OpenMuxError, why: string, partial: PartialAnswer): OpenMuxError {
  // Whole, and wrong: nothing broke off.
  if (error.code === 'model-fault') return error
  return new OpenMuxError({
    code: 'truncated',
    next: 'nowhere',
    provider: error.provider,
    model: error.model,
    message: `The answer broke off and was not continued elsewhere: ${why}. ${error.message}`,
    hint: 'What came is on the error (partial). Ask again for a whole answer.',
    partial,
    cause: error,
  })
}

/** The error of a stream whose second answer says something else: both texts, never glued. */
export function answersDiffer(
  partial: PartialAnswer,
  other: { readonly candidate: Candidate; readonly text: string; readonly whole: boolean },
): OpenMuxError {
  const { candidate, text, whole } = other
  return new OpenMuxError({
    code: 'truncated',
    next: 'nowhere',
    // Of the two texts together: this candidate did nothing wrong.
    scope: 'request',
    provider: candidate.provider.id,
    model: candidate.model,
    message: `The answer broke off, and ${candidate.provider.id}/${candidate.model} answers in other words.`,
    hint: 'Both texts are on the error (partial.text, partial.other). With onBreak: "restart" the second is streamed.',
    partial: {
      ...partial,
      other: { provider: candidate.provider.id, model: candidate.model, text, whole },
    },
  })
}

/** The error of an attempt that was asked to go on and repeats the beginning. */
export function beganAnew({ provider, model }: Candidate): OpenMuxError {
  return new OpenMuxError({
    code: 'unsupported',
    scope: 'request',
    provider: provider.id,
    model,
    message: `${model} was handed the beginning of an answer and began anew.`,
    hint: 'Nothing to do: it is asked for the whole answer instead.',
  })
}

/** How a candidate can go on: by prefill where that is understood and can be checked, else from the start. */
export function continuationFor(candidate: Candidate, delivered: string): Continuation {
  const supported = candidate.card?.supports?.prefill ?? candidate.provider.supports.prefill
  return supported && prefillIsSafe(delivered) ? 'prefill' : 'restart'
}

/** The request that lets a model go on: what was delivered becomes the beginning of its answer. */
export function prefilled(request: ChatRequest, delivered: string): ChatRequest {
  const { maxTokens } = request
  return {
    ...request,
    // Several back ends refuse a beginning that ends in white space.
    messages: [...request.messages, { role: 'assistant', content: delivered.trimEnd() }],
    ...(maxTokens !== undefined && { maxTokens: Math.max(1, maxTokens - estimateTokens(delivered)) }),
  }
}
