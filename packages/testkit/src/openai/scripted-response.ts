import { HttpResponse } from 'msw'
import { streamBody } from '../server/stream-body.js'
import type { ChatScript, ScriptPiece } from './chat-script.js'
import type { Packets } from './fixture-response.js'
import { data, DONE } from './frames.js'

/** What of the request shapes the answer. */
export interface AnswerFrame {
  readonly id: string
  readonly model: string
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly promptTokens: number
}

/** A script as an answer in the form asked for (openai-openapi 2.3.0). */
export function scriptedResponse(script: ChatScript, frame: AnswerFrame, packets?: Packets): Response {
  return frame.stream ? streamed(script, frame, packets) : plain(script, frame)
}

function streamed(script: ChatScript, frame: AnswerFrame, packets: Packets | undefined): Response {
  const base = { id: frame.id, object: 'chat.completion.chunk', created: 1_755_000_000, model: frame.model }
  const usage = frame.includeUsage ? { usage: null } : {}
  const chunk = (delta: object, finish: string | null = null): string =>
    data({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...usage })
  let calls = 0
  const frames = [chunk({ role: 'assistant', content: '' })]
  for (const piece of script.pieces) {
    if (typeof piece === 'string') frames.push(chunk({ content: piece }))
    else if ('reasoning' in piece) frames.push(chunk({ reasoning_content: piece.reasoning }))
    else frames.push(...callChunks(piece.call, calls++, chunk))
  }
  if (script.error !== undefined) frames.push(data(script.error))
  else if (script.ending === undefined || script.ending === 'end') {
    const finish = finishOf(script)
    if (finish !== null) {
      frames.push(chunk({}, finish))
      if (frame.includeUsage) frames.push(data({ ...base, choices: [], usage: usageOf(script, frame) }))
      frames.push(DONE)
    }
  }
  const pieces = packets === undefined ? frames : packets(new TextEncoder().encode(frames.join('')))
  return new HttpResponse(streamBody(pieces, script.ending), {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
  })
}

/** Id and name first, then the arguments in two pieces, as OpenAI sends them. */
function callChunks(
  { name, argumentsText }: { name: string; argumentsText: string },
  index: number,
  chunk: (delta: object) => string,
): readonly string[] {
  const half = Math.ceil(argumentsText.length / 2)
  const rest = [argumentsText.slice(0, half), argumentsText.slice(half)]
  return [
    chunk({ tool_calls: [{ index, id: newCallId(), type: 'function', function: { name, arguments: '' } }] }),
    ...rest.map((part) => chunk({ tool_calls: [{ index, function: { arguments: part } }] })),
  ]
}

function plain(script: ChatScript, frame: AnswerFrame): Response {
  if (script.ending === 'stall' || script.ending === 'cut') {
    return new HttpResponse(streamBody(['{"id":"chatcmpl-'], script.ending), {
      headers: { 'content-type': 'application/json' },
    })
  }
  if (script.error !== undefined) return HttpResponse.json(script.error)
  const reasoning = script.pieces
    .map((piece) => (typeof piece === 'object' && 'reasoning' in piece ? piece.reasoning : ''))
    .join('')
  const calls = script.pieces.flatMap((piece) =>
    typeof piece === 'object' && 'call' in piece ? [piece.call] : [],
  )
  const content = script.pieces.filter((piece) => typeof piece === 'string').join('')
  const message = {
    role: 'assistant',
    content: content === '' && calls.length > 0 ? null : content,
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ name, argumentsText }) => ({
            id: newCallId(),
            type: 'function',
            function: { name, arguments: argumentsText },
          })),
        }),
  }
  return HttpResponse.json({
    id: frame.id,
    object: 'chat.completion',
    created: 1_755_000_000,
    model: frame.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(script) }],
    usage: usageOf(script, frame),
    system_fingerprint: null,
  })
}

function finishOf({ finish, pieces }: ChatScript): string | null {
  return finish === undefined ? (pieces.some(isCall) ? 'tool_calls' : 'stop') : finish
}

function isCall(piece: ScriptPiece): boolean {
  return typeof piece === 'object' && 'call' in piece
}

function usageOf({ pieces }: ChatScript, { promptTokens }: AnswerFrame): object {
  const completion = pieces.length
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completion,
    total_tokens: promptTokens + completion,
  }
}

function newCallId(): string {
  return `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`
}
