import type { ChatInput } from './chat-input.js'
import type { Engine } from './engine.js'
import type { ChatResult } from './results.js'
import { RunningChat } from './running-chat.js'

/**
 * A whole answer. Nobody has seen any of it before its end, so an answer that broke off is begun anew elsewhere,
 * never continued.
 */
export async function wholeAnswer(engine: Engine, input: ChatInput): Promise<ChatResult> {
  const ask = (other: ChatInput): Promise<ChatResult> => wholeAnswer(engine, other)
  const chat = await RunningChat.begin(engine, input, false, ask)
  const { scope, failover } = chat.running
  try {
    for (;;) {
      const first = await chat.attempt(await failover.candidate())
      if (first === undefined) {
        failover.passOver()
        continue
      }
      let attempt = first
      try {
        attempt = await chat.open(attempt)
        while (!attempt.ended && (attempt.nextArrived() ?? (await attempt.next())) !== undefined);
        return chat.result(attempt)
      } catch (thrown) {
        const { error, attempt: record } = attempt.failed(thrown)
        await failover.failed(error, record)
      }
    }
  } catch (thrown) {
    throw chat.failure(thrown)
  } finally {
    scope.end()
  }
}
