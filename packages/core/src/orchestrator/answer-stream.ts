import type { ChatEvent } from '../contract/chat-event.js'
import type { ChatRequest } from '../contract/chat-request.js'
import type { Message } from '../contract/message.js'
import { attach } from '../errors/attach.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import { AnswerReader } from '../run/answer-reader.js'
import type { Candidate } from '../run/candidate-queue.js'
import { attemptRecord, failOver, type Success } from '../run/failover.js'
import { attemptLimits } from '../run/limits.js'
import { checkChatInput, GENERATION_KEYS } from './check-input.js'
import { chatResult } from './chat-result.js'
import type { Outcome } from './chat-stream.js'
import type { ChatInput } from './chat-input.js'
import type { Engine, RunningRequest } from './engine.js'
import type { ChatResult, ChatStreamEvent } from './results.js'

/** An answer that has begun: what came so far, and the reader of the rest. */
interface BegunAnswer {
  readonly reader: AnswerReader
  readonly begun: readonly ChatEvent[]
  readonly request: ChatRequest
}

/**
 * The events of one answer; its result goes to `outcome`. Failover happens before the first piece. One
 * generator and no delegation: every layer here is paid for by every token.
 */
export async function* answerEvents(
  engine: Engine,
  input: ChatInput,
  outcome: Outcome,
): AsyncGenerator<ChatStreamEvent, void> {
  let running: RunningChat | undefined
  let success: Success<BegunAnswer> | undefined
  let settled = false
  try {
    const chat = (running = beginChat(engine, input))
    // Also when nobody reads on: whoever waits for the result learns that the request ended.
    const { scope } = chat
    scope.signal.addEventListener('abort', () => outcome.reject(scope.failure), { once: true })
    success = await failOver(chat.failover, (candidate, others) =>
      open(engine, chat, input, candidate, others),
    )
    const { reader, begun } = success.value
    const provider = success.candidate.provider.id
    for (const event of begun) yield event.type === 'start' ? { ...event, provider } : event
    for (;;) {
      const event = await reader.next()
      if (event === undefined) break
      // The start was among the first events already.
      if (event.type !== 'start') yield event
    }
    chat.queue.mark('answered')
    settled = true
    outcome.resolve(chatResult(engine, chat, success))
  } catch (thrown) {
    const error = toOpenMuxError(thrown)
    if (running !== undefined && success !== undefined) {
      running.queue.mark('failed', error.message)
      const last = attemptRecord(success.candidate, success.startedAt, engine.clock.now(), error)
      attach(error, { attempts: [...success.failed, last], decision: running.queue.decision() })
    }
    settled = true
    outcome.reject(error)
    throw error
  } finally {
    if (!settled)
      outcome.reject(new OpenMuxError({ code: 'aborted', message: 'The stream was left before its end.' }))
    // Also when the consumer leaves its loop: the model must not go on for nobody.
    success?.value.reader.stop()
    running?.scope.end()
  }
}

/** A whole answer. Nobody has seen any of it before its end, so every failure may be tried elsewhere. */
export async function wholeAnswer(engine: Engine, input: ChatInput): Promise<ChatResult> {
  const running = beginChat(engine, input)
  try {
    const success = await failOver(running.failover, async (candidate, others) => {
      const { reader, begun, request } = await open(engine, running, input, candidate, others)
      while ((await reader.next()) !== undefined);
      return { reader, begun, request }
    })
    running.queue.mark('answered')
    return chatResult(engine, running, success)
  } finally {
    running.scope.end()
  }
}

interface RunningChat extends RunningRequest {
  readonly messages: readonly Message[]
}

function beginChat(engine: Engine, input: ChatInput): RunningChat {
  const messages = checkChatInput(input)
  const queue = engine.queue(input, input.task, messages)
  return { ...engine.begin(input, queue), messages }
}

/** Reads one candidate up to the first piece of its answer. */
async function open(
  engine: Engine,
  running: RunningChat,
  input: ChatInput,
  candidate: Candidate,
  others: () => Promise<boolean>,
): Promise<BegunAnswer> {
  const request = chatRequest(input, running.messages, candidate.model)
  const reader = new AnswerReader({
    provider: candidate.provider,
    request,
    scope: running.scope,
    limits: attemptLimits(candidate.provider.locality, running.timeouts),
    onProgress: running.onProgress,
    others,
  })
  const begun: ChatEvent[] = []
  for (;;) {
    const event = await reader.next()
    if (event === undefined) break
    begun.push(event.type === 'start' ? withNotice(event, engine.noticeOf(candidate.provider)) : event)
    if (event.type !== 'start') break
  }
  return { reader, begun, request }
}

function withNotice(event: ChatEvent & { type: 'start' }, notice: string | undefined): ChatEvent {
  return notice === undefined
    ? event
    : { ...event, warnings: [...event.warnings, { kind: 'notice', message: notice }] }
}

/** What the provider gets: the generation options and the floor, without the other routing options. */
function chatRequest(input: ChatInput, messages: readonly Message[], model: string): ChatRequest {
  const given: Record<string, unknown> = {}
  for (const key of GENERATION_KEYS) if (input[key] !== undefined) given[key] = input[key]
  return { ...given, model, messages, ...(input.localOnly === true && { localOnly: true }) }
}
