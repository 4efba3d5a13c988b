import { HttpResponse } from 'msw'
import type { ChatScript, ScriptPiece } from '../openai/chat-script.js'
import type { Packets } from '../openai/fixture-response.js'
import { data, DONE } from '../openai/frames.js'
import { streamBody } from '../server/stream-body.js'
import { costedUsage, PROCESSING } from './fixtures/frames.js'

/** What of the request shapes the answer. */
export interface AnswerFrame {
  readonly id: string
  /** The model that serves. */
  readonly model: string
  readonly stream: boolean
  readonly promptTokens: number
}

/**
 * A script as OpenRouter sends it: comments in between, usage beside a repeated finish, whatever was asked for
 * (OpenRouterTeam/docs api_reference/streaming.mdx, verified; the repeated finish captured from recorded streams).
 */
export function chatResponse(script: ChatScript, frame: AnswerFrame, packets?: Packets): Response {
  return frame.stream ? streamed(script, frame, packets) : plain(script, frame)
}

function streamed(script: ChatScript, frame: AnswerFrame, packets: Packets | undefined): Response {
  const base = {
    id: frame.id,
    object: 'chat.completion.chunk',
    created: 1_755_000_000,
    model: frame.model,
    provider: 'Double',
  }
  const chunk = (delta: object, finish: string | null = null, more: object = {}): string =>
    data({
      ...base,
      choices: [
        {
          index: 0,
          delta: { role: 'assistant', content: '', ...delta },
          finish_reason: finish,
          native_finish_reason: finish,
          logprobs: null,
        },
      ],
      ...more,
    })
  const pieces = script.pieces.flatMap((piece, index) => [...piecesOf(piece, index, chunk), PROCESSING])
  const finish = finishOf(script)
  const whole = script.error === undefined && (script.ending ?? 'end') === 'end' && finish !== null
  const frames = [
    PROCESSING,
    ...pieces,
    ...(script.error === undefined ? [] : [data(script.error)]),
    ...(whole ? [chunk({}, finish), chunk({}, finish, { usage: usageOf(script, frame) }), DONE] : []),
  ]
  const parts = packets === undefined ? frames : packets(new TextEncoder().encode(frames.join('')))
  return new HttpResponse(streamBody(parts, script.ending), {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-generation-id': frame.id,
    },
  })
}

/** Arguments go out in two pieces, so that the JSON is cut in the middle. */
function piecesOf(piece: ScriptPiece, index: number, chunk: (delta: object) => string): readonly string[] {
  if (typeof piece === 'string') return [chunk({ content: piece })]
  if ('reasoning' in piece) {
    const { reasoning } = piece
    const detail = { type: 'reasoning.text', text: reasoning, format: 'unknown', index: 0 }
    return [chunk({ reasoning, reasoning_details: [detail] })]
  }
  const { name, argumentsText } = piece.call
  const half = Math.ceil(argumentsText.length / 2)
  const call = (members: object): string => chunk({ content: null, tool_calls: [{ index, ...members }] })
  return [
    call({ id: newCallId(), type: 'function', function: { name, arguments: '' } }),
    ...[argumentsText.slice(0, half), argumentsText.slice(half)].map((part) =>
      call({ type: 'function', function: { arguments: part } }),
    ),
  ]
}

function plain(script: ChatScript, frame: AnswerFrame): Response {
  if (script.error !== undefined) return HttpResponse.json(script.error)
  const calls = script.pieces.flatMap((piece) =>
    typeof piece === 'object' && 'call' in piece ? [piece.call] : [],
  )
  const reasoning = script.pieces
    .map((piece) => (typeof piece === 'object' && 'reasoning' in piece ? piece.reasoning : ''))
    .join('')
  const finish = finishOf(script)
  return HttpResponse.json(
    {
      id: frame.id,
      object: 'chat.completion',
      created: 1_755_000_000,
      model: frame.model,
      provider: 'Double',
      system_fingerprint: null,
      choices: [
        {
          index: 0,
          finish_reason: finish,
          native_finish_reason: finish,
          logprobs: null,
          message: {
            role: 'assistant',
            content: script.pieces.filter((piece) => typeof piece === 'string').join(''),
            refusal: null,
            ...(reasoning === '' ? {} : { reasoning }),
            ...(calls.length === 0
              ? {}
              : {
                  tool_calls: calls.map(({ name, argumentsText }) => ({
                    id: newCallId(),
                    type: 'function',
                    function: { name, arguments: argumentsText },
                  })),
                }),
          },
        },
      ],
      usage: usageOf(script, frame),
    },
    { headers: { 'x-generation-id': frame.id } },
  )
}

function finishOf({ finish, pieces }: ChatScript): string | null {
  const calls = pieces.some((piece) => typeof piece === 'object' && 'call' in piece)
  return finish === undefined ? (calls ? 'tool_calls' : 'stop') : finish
}

function usageOf({ pieces }: ChatScript, { promptTokens }: AnswerFrame): object {
  return costedUsage(promptTokens, pieces.length)
}

function newCallId(): string {
  return `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`
}
