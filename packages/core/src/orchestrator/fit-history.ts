import type { Message } from '../contract/message.js'
import type { Warning } from '../contract/warning.js'
import { textOf } from '../plan/context-need.js'
import { splitHistory } from '../plan/shorten-history.js'
import type { Candidate } from '../run/candidate.js'
import type { ChatInput } from './chat-input.js'

/** A conversation as a candidate gets it, and what the caller is told about it. */
export interface FittedHistory {
  readonly messages: readonly Message[]
  readonly warnings: readonly Warning[]
}

/** The window to fit into, in tokens, and what is kept free for the answer. */
interface Room {
  readonly window: number
  readonly maxTokens?: number
}

/** Tokens a summary may have. */
const SUMMARY_TOKENS = 300

/** The conversation as `candidate`, with a window of so many tokens, gets it; as it is where nothing needs to be left out. */
export async function fitted(
  messages: readonly Message[],
  { history, maxTokens }: ChatInput,
  { provider, model, card }: Candidate,
  window: number,
  ask: (input: ChatInput) => Promise<{ readonly text: string }>,
): Promise<FittedHistory> {
  const whole = { messages, warnings: [] }
  const room = { window, ...(maxTokens !== undefined && { maxTokens }) }
  // What is asked when nobody else is left is no judge of what matters in a conversation.
  if (history === 'trim' || card?.lastResort !== undefined) return trimmed(messages, room) ?? whole
  const target = { provider: provider.id, model, maxAttempts: 1, task: 'chat', history: 'trim' } as const
  const write = async (prompt: ChatInput): Promise<string> => (await ask({ ...prompt, ...target })).text
  return (await summarised(messages, room, write)) ?? whole
}

/** Without its oldest turns, as far as they do not fit. Undefined: all of it fits, or not even the last turn does. */
function trimmed(messages: readonly Message[], { window, maxTokens }: Room): FittedHistory | undefined {
  const split = splitHistory(messages, window, maxTokens)
  if (split === undefined || split.old.length === 0) return undefined
  const { before, old, kept } = split
  return {
    messages: [...before, ...kept],
    warnings: [notice(`${old.length} of ${messages.length} messages were left out to fit ${window} tokens.`)],
  }
}

/** With its oldest turns put into a summary, which `write` is asked for. Left out instead when that fails. */
async function summarised(
  messages: readonly Message[],
  room: Room,
  write: (prompt: ChatInput) => Promise<string>,
): Promise<FittedHistory | undefined> {
  const { window, maxTokens } = room
  if ((splitHistory(messages, window, maxTokens)?.old.length ?? 0) === 0) return undefined
  const split = splitHistory(messages, window, maxTokens, SUMMARY_TOKENS)
  if (split === undefined) return trimmed(messages, room)
  const { before, old, kept } = split
  try {
    const summary = await write({
      system:
        'Summarise the conversation so that it can go on without it: facts, names, numbers, decisions, open questions. Write nothing else.',
      // The transcript itself may be too long; its end matters most.
      prompt: old
        .map((message) => `${message.role}: ${textOf(message)}`)
        .join('\n')
        .slice(-window * 2),
      maxTokens: SUMMARY_TOKENS,
      temperature: 0,
    })
    const told: Message = { role: 'system', content: `What was said before, in short: ${summary}` }
    return {
      messages: [...before, told, ...kept],
      warnings: [
        notice(`${old.length} of ${messages.length} messages were summarised to fit ${window} tokens.`),
      ],
    }
  } catch {
    return trimmed(messages, room)
  }
}

function notice(message: string): Warning {
  return { kind: 'notice', message }
}
