import type { ChatEvent } from '../contract/chat-event.js'

/** What an answer must be made of to be kept: events of these kinds, in the order of the contract. */
type Recordable = { readonly type: string }

/** Kinds of events of an answer that came from one model in one piece. */
const PLAIN = new Set(['text', 'reasoning', 'tool-call'])

/**
 * Whether an answer may be kept: whole, from one model, ended by the model itself. A cut or failed one, one that
 * reached a limit (`length`), was filtered, ended for a reason nobody knows, or was continued elsewhere, may not.
 */
export function isKeepable(events: readonly Recordable[]): boolean {
  const finish = events.at(-1)
  if (events[0]?.type !== 'start' || finish?.type !== 'finish' || !('reason' in finish)) return false
  if (finish.reason !== 'stop' && finish.reason !== 'tool-calls') return false
  const middle = events.slice(1, -1)
  return middle.length > 0 && middle.every(({ type }) => PLAIN.has(type))
}

/**
 * Hands a stream on as it is and tells `keep` all its events once it has ended whole. A stream that fails, is left
 * early or may not be kept ({@link isKeepable}) is not told of. `keep` must not throw.
 */
export async function* recordAnswer<E extends Recordable>(
  source: AsyncIterable<E>,
  keep: (events: readonly E[]) => void,
): AsyncGenerator<E, void, undefined> {
  const events: E[] = []
  for await (const event of source) {
    events.push(event)
    // Before it is handed on: who has read the end may stop there, and the answer is whole all the same.
    if (event.type === 'finish' && isKeepable(events)) keep(events)
    yield event
  }
}

/** A kept answer as the stream it was: the same events in the same order. */
export async function* replayAnswer<E extends Recordable = ChatEvent>(
  events: readonly E[],
): AsyncGenerator<E, void, undefined> {
  yield* events
}
