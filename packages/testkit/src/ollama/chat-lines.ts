import type { ChatScript } from './chat-script.js'

/** What the lines of an answer need beside the script. */
export interface LineSource {
  readonly model: string
  readonly promptTokens: number
  /** A new id for a tool call; undefined on servers that give none. */
  readonly callId: () => string | undefined
}

type Message = Readonly<Record<string, unknown>>

const CREATED = '2026-05-14T10:00:00.123456789Z'

/** The lines of `/api/chat` for a script, last line included unless the answer ends otherwise (api/types.go, ChatResponse). */
export function chatLines(
  script: ChatScript,
  source: LineSource,
): readonly Readonly<Record<string, unknown>>[] {
  const { model } = source
  const line = (message: Message) => ({
    model,
    created_at: CREATED,
    message: { role: 'assistant', content: '', ...message },
    done: false,
  })
  const messages: Message[] = [
    ...(script.thinking ?? []).map((thinking) => ({ thinking })),
    ...(script.pieces ?? []).map((content) => ({ content })),
    ...(script.toolCalls ?? []).map(({ name, arguments: args, id = source.callId() }, index) => ({
      tool_calls: [
        { ...(id === undefined || id === null ? {} : { id }), function: { index, name, arguments: args } },
      ],
    })),
  ]
  const ending = script.ending ?? 'done'
  if (ending !== 'done') {
    const error = typeof ending === 'object' ? [{ error: ending.error }] : []
    return [...messages.map(line), ...error]
  }
  const flushed = script.flushesInDone === true ? messages.pop() : undefined
  return [...messages.map(line), { ...line(flushed ?? {}), ...lastMembers(script, source) }]
}

function lastMembers(script: ChatScript, { promptTokens }: LineSource) {
  const { doneReason = 'stop', pieces = [], thinking = [], toolCalls = [] } = script
  const counted = script.promptTokens === undefined ? promptTokens : script.promptTokens
  const answered = pieces.length + thinking.length + toolCalls.length
  return {
    done: true,
    ...(doneReason === null ? {} : { done_reason: doneReason }),
    total_duration: 174_560_334,
    load_duration: 101_397_084,
    // Counts of 0 are left out (`omitempty`).
    ...(counted === null || counted === 0
      ? {}
      : { prompt_eval_count: counted, prompt_eval_duration: 13_074_791 }),
    ...(answered === 0 ? {} : { eval_count: answered, eval_duration: 52_479_709 }),
  }
}

/** Lines as packets: one each, in two halves each (also inside a character), or all in one. */
export function packets(
  lines: readonly unknown[],
  how: ChatScript['packets'] = 'line',
): readonly Uint8Array[] {
  const encoder = new TextEncoder()
  const encoded = lines.map((line) => encoder.encode(`${JSON.stringify(line)}\n`))
  if (how === 'line') return encoded
  const whole = encoded.reduce((all, part) => new Uint8Array([...all, ...part]), new Uint8Array())
  if (how === 'joined') return [whole]
  // An odd length that fits no line: every border falls somewhere else.
  const size = 37
  return Array.from({ length: Math.ceil(whole.length / size) }, (_unused, index) =>
    whole.slice(index * size, (index + 1) * size),
  )
}
