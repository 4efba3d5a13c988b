import type { Random } from './random.ts'
import type { TrueCall } from './truth.ts'

/** What a model has to say. */
export interface Saying {
  readonly model: string
  readonly text: string
  readonly calls: readonly TrueCall[]
  readonly finish: string
  readonly reasoning?: string
}

/** Frames of a stream, and how many of them come before the finish reason. */
export interface Frames {
  readonly frames: readonly string[]
  readonly beforeFinish: number
}

/** A stream of chunks as one of many servers sends it. */
export function streamFrames(saying: Saying, random: Random, withUsage: boolean): Frames {
  const newline = random.chance(0.2) ? '\r\n' : '\n'
  const id = random.chance(0.5) ? 'chatcmpl-1' : `chatcmpl-${random.between(1, 1e9)}`
  const frame = (delta: object, finish: string | null = null, more: object = {}): string =>
    `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', model: saying.model, choices: [{ index: 0, delta, finish_reason: finish }], ...more })}${newline}${newline}`
  const comment = `: PROCESSING${newline}${newline}`
  const frames: string[] = []
  if (random.chance(0.2)) frames.push(comment)
  if (random.chance(0.8)) frames.push(frame({ role: 'assistant', content: '' }))
  for (const piece of pieces(saying.reasoning ?? '', random)) frames.push(frame({ reasoning_content: piece }))
  for (const piece of pieces(saying.text, random)) frames.push(frame({ content: piece }))
  frames.push(...callFrames(saying.calls, random, frame))
  if (random.chance(0.1)) frames.push(comment)
  const beforeFinish = frames.length
  const usage = {
    prompt_tokens: 9,
    completion_tokens: 9 + saying.text.length,
    total_tokens: 18 + saying.text.length,
  }
  const inFinish = withUsage && random.chance(0.3)
  frames.push(frame({}, saying.finish, inFinish ? { usage } : {}))
  if (withUsage && !inFinish)
    frames.push(
      `data: ${JSON.stringify({ id, model: saying.model, choices: [], usage })}${newline}${newline}`,
    )
  if (random.chance(0.85)) frames.push(`data: [DONE]${newline}${newline}`)
  return { frames, beforeFinish }
}

/** The same as one JSON body. */
export function wholeBody(saying: Saying, random: Random, changes: object = {}): object {
  const { text, calls } = saying
  const toolCalls = calls.map((call, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }))
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 && random.chance(0.5) ? null : text,
    ...(calls.length > 0 && { tool_calls: toolCalls }),
  }
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: saying.model,
    choices: [{ index: 0, message, finish_reason: saying.finish }],
    usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 },
    ...changes,
  }
}

function callFrames(
  calls: readonly TrueCall[],
  random: Random,
  frame: (delta: object) => string,
): readonly string[] {
  // Some servers number the calls, some give ids, some give all calls the number 0 and an id each.
  const manner = random.pick(['both', 'index', 'all-zero'] as const)
  return calls.flatMap(({ name, arguments: text }, index) => {
    const at = manner === 'all-zero' ? 0 : index
    const id = manner === 'index' ? {} : { id: `call_${index}` }
    const head = { index: at, ...id, type: 'function', function: { name, arguments: '' } }
    const parts = random.chance(0.2) ? [text] : pieces(text, random)
    return [
      frame({ tool_calls: [head] }),
      ...parts.map((part) => frame({ tool_calls: [{ index: at, function: { arguments: part } }] })),
    ]
  })
}

/** A text in pieces of any length; now and then one ends in half a character. */
export function pieces(text: string, random: Random): string[] {
  const longest = random.pick([4, 12, 40, 400])
  const out: string[] = []
  for (let at = 0; at < text.length;) {
    const length = random.between(1, longest)
    out.push(text.slice(at, at + length))
    at += length
  }
  return out
}
