import type { ChatEvent, OpenMuxError } from '@openmux/core'
import { type JsonObject, listOf, objectOf } from '@openmux/http'
import { type AnswerOrigin, brokenEnd, namelessCall, notOfTheFormat, withoutFinish } from './broken-answer.js'
import { ChunkReader, type ChunkReaderOptions } from './chunk-reader.js'
import { errorIn } from './in-band-error.js'

/** What a whole answer is read with. */
export interface ChatAnswerSource extends Omit<ChunkReaderOptions, 'model'> {
  readonly origin: AnswerOrigin
  /** The typed error for an error found inside the answer. */
  readonly failure: (found: unknown) => OpenMuxError
}

/**
 * The events of a whole answer. Errors inside it are thrown, after the text that stands beside them: an `error`
 * in the body or in the choice, no choice (`bad-response`), no finish reason (`truncated`).
 */
export function* readChatAnswer(
  value: unknown,
  source: ChatAnswerSource,
): Generator<ChatEvent, void, undefined> {
  const { origin } = source
  const answer = objectOf(value)
  const found = errorIn(value)
  const choices = listOf(answer?.['choices'])
  if (answer === undefined || choices.length === 0) {
    throw found === undefined
      ? notOfTheFormat(origin, 'JSON that is not an answer: it has no choices')
      : source.failure(found)
  }
  const reader = new ChunkReader({ ...source, model: origin.model })
  const read = reader.read({ ...answer, choices: choices.map(numberedCalls) })
  yield* read.events
  const error = found ?? read.error
  if (error !== undefined) throw source.failure(error)
  if (read.brokenEnd !== undefined) throw brokenEnd(origin, read.brokenEnd)
  if (!reader.finished) throw withoutFinish(origin, true)
  const end = reader.end()
  if (end === undefined) throw namelessCall(origin)
  yield* end
}

/** Whole calls have no index, and some servers give them all the same id. */
function numberedCalls(value: unknown): unknown {
  const choice = objectOf(value)
  const message = objectOf(choice?.['message'])
  if (choice === undefined || message === undefined) return value
  const calls = listOf(message['tool_calls']).map((call, index): JsonObject => ({ ...objectOf(call), index }))
  return { ...choice, message: { ...message, tool_calls: calls } }
}
