import { HttpResponse, type RequestHandler } from 'msw'
import { streamBody } from '../server/stream-body.js'
import { chatLines, packets } from './chat-lines.js'
import { fitPrompt, incapable, messagesOf } from './chat-request.js'
import type { ChatScript } from './chat-script.js'
import type { FullModel } from './double-model.js'
import { route } from './list-routes.js'
import { errorReply, raw, reply, silence, streamErrorReply } from './replies.js'
import { findModel, readBody, textOf, wrongOption } from './request-body.js'
import { type Received, objectOf } from '../server/received-json.js'
import { contextFor, ensureLoaded, keyOf, type ServerState, traitsOf } from './server-state.js'
import { leavesOpen, usualAnswer } from './usual-answer.js'

/** `/api/chat`: checks, load, prompt, answer, in the server's order (server/routes.go, ChatHandler [verified, v0.24.0]). */
export function chatRoute(state: () => ServerState): RequestHandler {
  return route('post', '/api/chat', state, async (now, request) => {
    const body = await readBody(request)
    if (body instanceof Response) return body
    if (/(?::|-)cloud$/.test(textOf(body['model']))) return notSignedIn()
    const missing = () => errorReply(400, 'model is required')
    const model = findModel(now, body['model'], { missing, unknown: (name) => `model '${name}' not found` })
    if (model instanceof Response) return model
    const messages = messagesOf(body)
    if (messages.length === 0 && body['keep_alive'] === 0) {
      now.loaded.delete(keyOf(model.name))
      return emptyChat(body, 'unload')
    }
    const refusal = incapable(model, body) ?? wrongOption(objectOf(body['options']))
    if (refusal !== undefined) return refusal

    const context = contextFor(model, objectOf(body['options'])['num_ctx'])
    const failure = await ensureLoaded(now, model, context, request.signal).catch(() => 'context canceled')
    if (failure !== undefined) return errorReply(500, failure)
    if (messages.length === 0) return emptyChat(body, 'load')
    return answer(now, model, context, body, request.signal)
  })
}

function answer(
  state: ServerState,
  model: FullModel,
  context: number,
  body: Received,
  signal: AbortSignal,
): Response | Promise<Response> {
  const prompt = fitPrompt(messagesOf(body), context, body, traitsOf(state))
  if (prompt instanceof Response) return prompt
  if (prompt.messages.some(({ images }) => images > 0) && !model.capabilities.includes('vision')) {
    return streamErrorReply(
      500,
      'Failed to create new sequence: failed to process inputs: this model is missing data required for image input',
    )
  }
  const script =
    state.chatScripts.shift() ??
    state.usualChat ??
    usualAnswer(body, prompt.messages, { open: leavesOpen(model.template), known: state.knownAnswer })
  if (script.silent === true) return silence(signal)
  if (script.refusal !== undefined) return raw(script.refusal)
  const lines = chatLines(script, {
    model: textOf(body['model']),
    promptTokens: prompt.tokens,
    callId: () => (traitsOf(state).givesToolCallIds ? callId((state.calls += 1)) : undefined),
  })
  return body['stream'] === false ? whole(lines) : streamed(lines, script)
}

function streamed(lines: readonly unknown[], { ending = 'done', packets: how }: ChatScript): Response {
  const bodyEnd = ending === 'cut' || ending === 'stall' ? ending : 'end'
  return new HttpResponse(streamBody(packets(lines, how), bodyEnd), {
    headers: { 'content-type': 'application/x-ndjson' },
  })
}

/** Without a stream: the last line with everything joined. */
function whole(lines: readonly Readonly<Record<string, unknown>>[]): Response {
  const messages = lines.map((line) => objectOf(line['message']))
  const join = (member: string): string => messages.map((message) => textOf(message[member])).join('')
  const calls = messages.flatMap((message) =>
    Array.isArray(message['tool_calls']) ? message['tool_calls'] : [],
  )
  const message = {
    role: 'assistant',
    content: join('content'),
    ...(join('thinking') === '' ? {} : { thinking: join('thinking') }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
  return reply(200, { ...lines.at(-1), message })
}

function emptyChat(body: Received, reason: 'load' | 'unload'): Response {
  const message = { role: 'assistant', content: '' }
  return reply(200, {
    model: body['model'],
    created_at: '2026-05-14T10:00:00Z',
    message,
    done: true,
    done_reason: reason,
  })
}

function notSignedIn(): Response {
  return reply(401, {
    error: 'unauthorized',
    signin_url: 'https://ollama.com/connect?name=host&key=c3NoLWVkMjU1MTk',
  })
}

/** `call_` and eight letters or digits, never the same twice (server/routes.go, toolCallId). */
function callId(count: number): string {
  return `call_${count.toString(36).padStart(8, 'a')}`
}
