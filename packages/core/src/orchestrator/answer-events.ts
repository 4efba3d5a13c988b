import { OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { ChatAttempt } from '../run/chat-attempt.js'
import type { BrokenStream } from './broken-stream.js'
import type { ChatInput } from './chat-input.js'
import type { Engine } from './engine.js'
import type { ChatResult, ChatStreamEvent } from './results.js'
import { lastResortMark, RunningChat } from './running-chat.js'
import type { Arrived, Settle } from './stream-once.js'
import { wholeAnswer } from './whole-answer.js'

/**
 * The events of one answer; its result goes to `outcome`. Failover is invisible before the first piece; after it,
 * the text goes on elsewhere behind a `resumed` event. One generator and no delegation while all is well, and past it
 * through `arrived` what is here already: every layer here is paid for by every token.
 */
export async function* answerEvents(
  engine: Engine,
  input: ChatInput,
  outcome: Settle<ChatResult>,
  arrived: Arrived<ChatStreamEvent>,
): AsyncGenerator<ChatStreamEvent, void> {
  let chat: RunningChat | undefined
  let attempt: ChatAttempt | undefined
  let broken: BrokenStream | undefined
  let settled = false
  try {
    chat = await RunningChat.begin(engine, input, true, (other) => wholeAnswer(engine, other))
    const { scope, failover } = chat.running
    // Also when nobody reads on: whoever waits for the result learns that the request ended.
    scope.onEarlyEnd(() => outcome.reject(scope.failure))
    for (;;) {
      const candidate = await failover.candidate()
      attempt = await chat.attempt(candidate, broken?.prefillFor(candidate))
      if (attempt === undefined) {
        failover.passOver()
        continue
      }
      try {
        if (broken === undefined) {
          attempt = await chat.open(attempt)
          const { start, candidate: by } = attempt
          if (start !== undefined) yield { ...start, provider: by.provider.id, ...lastResortMark(by) }
          const reading = attempt
          const take = (): ChatStreamEvent | undefined => pieceOf(reading)
          for (;;) {
            const event = take() ?? (await attempt.next())
            if (event === undefined) break
            if (event.type === 'start') continue
            arrived.take = take
            yield event
            arrived.take = undefined
          }
        } else {
          await attempt.open()
          yield* broken.eventsOf(attempt, chat.running)
        }
        settled = true
        outcome.resolve(chat.result(attempt, broken?.attempts, broken?.delivered))
        return
      } catch (thrown) {
        arrived.take = undefined
        const { error, attempt: record } = attempt.failed(thrown)
        if (broken?.refusedPrefill(attempt, error) === true && failover.sameAgain(record)) continue
        if (broken === undefined && attempt.given) {
          const { BrokenStream: Broken } = await import('./broken-stream.js')
          broken = new Broken(engine.onBreak(input), engine.noPrefill)
        }
        broken?.brokeOff(attempt, error.code)
        const why = broken?.whyNotContinued(attempt.request, error)
        if (broken !== undefined && why !== undefined) {
          failover.ended(error, record)
          throw broken.notContinued(error, why)
        }
        await failover.failed(error, record)
      }
    }
  } catch (thrown) {
    const error = chat?.failure(thrown, broken?.partial) ?? toOpenMuxError(thrown)
    settled = true
    outcome.reject(error)
    throw error
  } finally {
    arrived.take = undefined
    if (!settled && chat !== undefined && attempt?.answer.finishReason !== undefined) {
      // Who has read the last event may stop there: the answer is whole.
      outcome.resolve(chat.result(attempt, broken?.attempts, broken?.delivered))
    } else if (!settled) {
      const left = new OpenMuxError({ code: 'aborted', message: 'The stream was left before its end.' })
      outcome.reject(left)
      // Also when the consumer leaves its loop: the model must not go on for nobody.
      attempt?.discarded('aborted')
      chat?.failure(left)
    }
    chat?.running.scope.end()
  }
}

/** The next piece that has arrived; the start was given already. */
function pieceOf(attempt: ChatAttempt): ChatStreamEvent | undefined {
  for (;;) {
    const event = attempt.nextArrived()
    if (event?.type !== 'start') return event
  }
}
