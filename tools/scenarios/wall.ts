import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@openmux/core'
import { pause } from './fast-clock.ts'

/** The answer of every model: sixty words. */
export const WORDS: readonly string[] = [
  ...'the quick river carries old stones down past quiet farms where children watch herons lift from reeds and settle again'.split(
    ' ',
  ),
  ...'while evening light turns every window gold and somebody far away begins to sing about the harbour ships that left'.split(
    ' ',
  ),
  ...'long before morning with salt bread lanterns maps and letters nobody would ever open until spring returned'.split(
    ' ',
  ),
  ...'home at last'.split(' '),
]
export const TEXT = WORDS.join(' ')

/** One request the wall saw. */
export interface Seen {
  readonly atMs: number
  readonly model: string
  readonly attempt: number
  readonly stream: boolean
  readonly lastRole: string
  /** Words and four a message. */
  readonly size: number
  action: string
}

interface ChatBody {
  readonly model: string
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean }
  readonly messages: readonly { readonly role: string; readonly content: string }[]
}

/** A fault: what one model name does. Written from the public catalogue, in our own words. */
type Fault = (call: Call) => Promise<void> | void

interface Call {
  readonly body: ChatBody
  readonly attempt: number
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly seen: Seen
  readonly sinceResetMs: number
}

/** An upstream whose model names pick what goes wrong. */
export class Wall {
  readonly log: Seen[] = []
  readonly #clock: Clock
  readonly #server: Server
  readonly #attempts = new Map<string, number>()
  readonly #left = new WeakMap<ServerResponse, Promise<void>>()
  #resetAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#resetAt = clock.now()
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy())
    })
    this.#server.keepAliveTimeout = 60_000
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  /** Connections that are open right now. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
    })
  }

  reset(): void {
    this.log.length = 0
    this.#attempts.clear()
    this.#resetAt = this.#clock.now()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      const data = [...Object.keys(this.#faults), 'fb-ok', 'fb-ok-noprefill'].map((id) => ({
        id,
        object: 'model',
      }))
      sendJson(response, 200, { object: 'list', data })
      return
    }
    const chunks: Buffer[] = []
    for await (const part of request) chunks.push(part as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatBody
    const name = body.model.slice(body.model.lastIndexOf('/') + 1)
    const attempt = (this.#attempts.get(name) ?? 0) + 1
    this.#attempts.set(name, attempt)
    const last = body.messages.at(-1)
    const sinceResetMs = this.#clock.now() - this.#resetAt
    const seen: Seen = {
      atMs: sinceResetMs,
      model: name,
      attempt,
      stream: body.stream === true,
      lastRole: last?.role ?? '',
      size: body.messages.reduce((sum, { content }) => sum + content.split(/\s+/).length + 4, 0),
      action: name,
    }
    this.log.push(seen)
    const call: Call = { body, attempt, request, response, seen, sinceResetMs }
    const fault = this.#faults[name] ?? this.#healthy[name]
    if (fault === undefined) sendError(response, 404, 'model_not_found', `no model ${name}`)
    else await fault(call)
  }

  readonly #healthy: Readonly<Record<string, Fault>> = {
    'fb-ok': (call) => this.#answer(call),
    'fb-ok-noprefill': (call) =>
      call.seen.lastRole === 'assistant'
        ? sendError(call.response, 400, 'invalid_prefill', 'the last message must not be of the assistant')
        : this.#answer(call),
  }

  readonly #faults: Readonly<Record<string, Fault>> = {
    'fb-s01': (call) =>
      call.attempt === 1
        ? sendError(call.response, 429, 'rate_limit_exceeded', 'rate limited', 'rate_limit_error', {
            'retry-after': '2',
          })
        : this.#answer(call),
    'fb-s02': ({ response }) =>
      sendError(response, 429, 'rate_limit_exceeded', 'rate limited', 'rate_limit_error'),
    'fb-s03': (call) =>
      call.attempt === 1
        ? sendError(call.response, 500, 'server_error', 'it broke', 'server_error')
        : this.#answer(call),
    'fb-s04': ({ response }) => sendError(response, 503, 'overloaded', 'overloaded', 'server_error'),
    'fb-s05': (call) => (call.attempt === 1 ? resetConnection(call) : this.#answer(call)),
    'fb-s06': async ({ response }) => {
      await this.#pause(120_000, response)
      response.destroy()
    },
    'fb-s07': async (call) => {
      if (call.body.stream === true) startStream(call.response)
      await this.#pause(20_000, call.response)
      await this.#answer(call)
    },
    'fb-s08': (call) => this.#cut(call, 40),
    'fb-s09': async (call) => {
      if (call.body.stream === true) {
        startStream(call.response)
        await this.#words(call, 0, 20)
      } else call.response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
      await this.#pause(30_000, call.response)
      call.response.destroy()
    },
    'fb-s10': async (call) => {
      if (call.body.stream !== true) {
        const whole = JSON.stringify(wholeBody(call.body, TEXT))
        call.response.writeHead(200, { 'content-type': 'application/json' })
        call.response.end(`${whole.slice(0, whole.length / 2)}}}stray`)
        return
      }
      startStream(call.response)
      await this.#words(call, 0, 10)
      call.response.write('data: {"choices": [{"delta": {"content": "bro\n\n')
      await this.#words(call, 10, WORDS.length)
      this.#end(call, { done: true })
    },
    'fb-s11': async (call) => {
      if (call.body.stream !== true) return this.#answer(call)
      startStream(call.response)
      await this.#words(call, 0, WORDS.length)
      this.#end(call, { done: false })
    },
    'fb-s12': ({ response }) =>
      sendError(
        response,
        400,
        'context_length_exceeded',
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9631 tokens.",
        'invalid_request_error',
      ),
    'fb-s13': ({ response }) =>
      sendError(
        response,
        400,
        'content_policy_violation',
        'Your request was rejected by our safety system.',
        'invalid_request_error',
      ),
    'fb-s14': (call) => this.#cut(call, 40),
    'fb-s15': (call) =>
      call.sinceResetMs < 60_000
        ? sendError(call.response, 503, 'overloaded', 'overloaded', 'server_error')
        : this.#answer(call),
    'fb-s16': ({ response }) => sendError(response, 503, 'overloaded', 'overloaded', 'server_error'),
    // Not in the catalogue, and kinder to nobody: a clean end after 40 words, as a cut looks behind many proxies.
    'fb-x01': async (call) => {
      if (call.body.stream !== true) return sendJson(call.response, 200, { choices: [] })
      startStream(call.response)
      await this.#words(call, 0, 40)
      call.response.end()
    },
    'fb-x02': async (call) => {
      if (call.body.stream !== true)
        return sendJson(call.response, 200, { error: { message: 'it broke', code: 500 } })
      startStream(call.response)
      await this.#words(call, 0, 25)
      call.response.end('data: {"error": {"message": "upstream failed", "code": 502}}\n\n')
    },
    'fb-x03': (call) => {
      if (call.body.stream !== true) return sendJson(call.response, 200, wholeBody(call.body, '   '))
      startStream(call.response)
      this.#end(call, { done: true })
    },
  }

  /** A whole answer; what a prefill brought is not said again. */
  async #answer(call: Call): Promise<void> {
    const last = call.body.messages.at(-1)
    const given = last?.role === 'assistant' ? last.content.trim() : ''
    const from = given !== '' && TEXT.startsWith(given) ? given.split(' ').length : 0
    if (call.body.stream !== true) {
      sendJson(call.response, 200, wholeBody(call.body, (from > 0 ? ' ' : '') + WORDS.slice(from).join(' ')))
      return
    }
    if (!call.response.headersSent) startStream(call.response)
    await this.#words(call, from, WORDS.length)
    this.#end(call, { done: true })
  }

  async #cut(call: Call, words: number): Promise<void> {
    if (call.body.stream !== true) {
      const whole = JSON.stringify(wholeBody(call.body, TEXT))
      call.response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(whole)),
      })
      call.response.write(whole.slice(0, whole.length * 0.6))
      await this.#pause(200, call.response)
      call.response.destroy()
      return
    }
    startStream(call.response)
    await this.#words(call, 0, words)
    call.response.destroy()
  }

  /** Words one by one; the first chunk of a stream has a role and nothing to say. */
  async #words({ body, response }: Call, from: number, to: number): Promise<void> {
    if (from === 0) response.write(chunk(body, { role: 'assistant', content: '' }))
    for (let index = from; index < to && !response.destroyed; index += 1) {
      response.write(chunk(body, { content: `${index > 0 ? ' ' : ''}${WORDS[index] ?? ''}` }))
      await this.#pause(15, response)
    }
  }

  #end({ body, response }: Call, { done }: { readonly done: boolean }): void {
    response.write(chunk(body, {}, 'stop'))
    if (body.stream_options?.include_usage === true)
      response.write(`data: ${JSON.stringify({ model: body.model, choices: [], usage: USAGE })}\n\n`)
    response.end(done ? 'data: [DONE]\n\n' : '')
  }

  #pause(ms: number, response: ServerResponse): Promise<void> {
    // A caller who left is not waited for. One listener a response: there are sixty pauses.
    let left = this.#left.get(response)
    if (left === undefined) {
      left = new Promise((resolve) => response.once('close', () => resolve()))
      this.#left.set(response, left)
    }
    return Promise.race([pause(this.#clock, ms), left])
  }
}

const USAGE = { prompt_tokens: 12, completion_tokens: 60, total_tokens: 72 }

function chunk(body: ChatBody, delta: object, finish: string | null = null): string {
  return `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model: body.model, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
}

function wholeBody(body: ChatBody, content: string): object {
  return {
    id: 'x',
    object: 'chat.completion',
    model: body.model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: USAGE,
  }
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  type = 'invalid_request_error',
  headers: Record<string, string> = {},
): void {
  sendJson(response, status, { error: { message, type, code } }, headers)
}

function resetConnection({ request }: Call): void {
  request.socket.resetAndDestroy()
}
