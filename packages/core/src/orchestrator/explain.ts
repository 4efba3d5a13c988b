import type { DecisionRecord } from '../contract/decision.js'
import type { CandidateQueue } from '../run/candidate-queue.js'
import type { ChatInput } from './chat-input.js'
import { checkChatInput, checkEmbedInput } from './check-input.js'
import { type EmbedInput, EMBEDDINGS } from './embed-input.js'
import type { Engine } from './engine.js'

/** Asks everybody, as the real run would if everybody before failed. */
export async function explain(
  engine: Engine,
  input: string | ChatInput | EmbedInput,
): Promise<DecisionRecord> {
  const queue = await queueFor(engine, input)
  const scope = engine.scope(typeof input === 'string' ? undefined : input.signal)
  try {
    // All at once: one slow provider must not add to the next.
    queue.askAhead()
    queue.scoreAll()
    while ((await queue.next(scope)) !== undefined);
    await queue.lastResort(scope, [])
    return queue.decision()
  } finally {
    scope.end()
  }
}

async function queueFor(engine: Engine, input: string | ChatInput | EmbedInput): Promise<CandidateQueue> {
  if (isEmbed(input)) {
    checkEmbedInput(input)
    await engine.opening(input.signal)
    return engine.queue(input, EMBEDDINGS, [])
  }
  const chat = typeof input === 'string' ? { prompt: input } : input
  const messages = checkChatInput(chat)
  await engine.opening(chat.signal)
  const task = Promise.resolve(engine.taskOf(chat, messages))
  return engine.queue(chat, await engine.unlessLeft(task, chat.signal), messages)
}

function isEmbed(input: string | ChatInput | EmbedInput): input is EmbedInput {
  return typeof input === 'object' && input !== null && 'input' in input
}
