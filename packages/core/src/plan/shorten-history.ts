import type { Message } from '../contract/message.js'
import { ContextNeed } from './context-need.js'

/**
 * What becomes of a conversation that is longer than a candidate's window.
 * - `refuse`: such candidates are cut; when all are, the request fails with the numbers.
 * - `trim`: the oldest turns are left out, and the answer says so.
 * - `summarise`: the oldest turns are replaced by a summary that the candidate itself writes first.
 */
export type HistoryPolicy = 'refuse' | 'trim' | 'summarise'

/** Tokens kept free for the answer when the request sets no limit: at most a quarter of the window. */
const ANSWER_TOKENS = 1_024
/** Estimates err; a window is filled to this part. */
const FILL = 0.9

/** A conversation cut in two. Together `before`, `old` and `kept` are the whole of it, in order. */
export interface SplitHistory {
  /** System messages at the beginning; always kept. */
  readonly before: readonly Message[]
  /** The turns that do not fit, oldest first; empty when all do. */
  readonly old: readonly Message[]
  /** The turns that fit, the last one always among them. */
  readonly kept: readonly Message[]
}

/**
 * Pure: which turns of a conversation fit into a window. A turn is a user message with everything up to the next
 * one, so that no tool result loses its call. Undefined when not even the last turn fits.
 */
export function splitHistory(
  messages: readonly Message[],
  window: number,
  maxTokens: number | undefined,
  reserve = 0,
): SplitHistory | undefined {
  const answer = maxTokens ?? Math.min(ANSWER_TOKENS, Math.floor(window / 4))
  const room = (window - answer) * FILL - reserve
  const systemEnd = messages.findIndex(({ role }) => role !== 'system')
  const start = systemEnd === -1 ? messages.length : systemEnd
  const before = messages.slice(0, start)
  const turns = turnsOf(messages.slice(start))
  let used = new ContextNeed(before).tokens
  let first = turns.length
  for (const [index, turn] of [...turns.entries()].toReversed()) {
    used += new ContextNeed(turn).tokens
    if (used > room) break
    first = index
  }
  if (first === turns.length && turns.length > 0) return undefined
  return { before, old: turns.slice(0, first).flat(), kept: turns.slice(first).flat() }
}

function turnsOf(messages: readonly Message[]): readonly (readonly Message[])[] {
  const turns: Message[][] = []
  for (const message of messages) {
    const current = turns.at(-1)
    if (message.role === 'user' || current === undefined) turns.push([message])
    else current.push(message)
  }
  return turns
}
