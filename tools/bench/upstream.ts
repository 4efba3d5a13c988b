import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/**
 * A loopback upstream in a process of its own, so that its work is not counted as the client's. It
 * speaks Ollama's native API and the OpenAI one and always gives the same words, at once.
 * `model` says how many pieces: `words-60`; those of `paced-60` come one by one, each in a packet of its own.
 */
const server = createServer((request, response) => {
  const path = (request.url ?? '').split('?')[0]
  if (request.method === 'GET') {
    sendJson(response, listing(path))
    return
  }
  readBody(request, (body) => {
    const { model = 'words-1', stream } = JSON.parse(body || '{}') as { model?: string; stream?: boolean }
    const pieces = Number(model.split('-')[1] ?? 1)
    if (path === '/api/show') sendJson(response, show())
    else if (path === '/api/chat' && model.startsWith('stall')) stall(request, response)
    else if (path === '/api/chat') ollamaChat(response, model, pieces, stream !== false)
    else if (path === '/v1/chat/completions' && model.startsWith('paced'))
      void pacedChat(response, model, pieces)
    else if (path === '/v1/chat/completions') openaiChat(response, model, pieces, stream === true)
    else response.writeHead(404).end()
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port })
})
process.on('disconnect', () => process.exit(0))

const MODELS = ['words-1', 'words-60', 'paced-60', 'stall-1']

function listing(path: string | undefined): unknown {
  if (path === '/api/version') return { version: '0.24.0' }
  if (path === '/api/tags') {
    return {
      models: MODELS.map((name) => ({
        name,
        model: name,
        size: 1e8,
        digest: `sha-${name}`,
        details: { family: 'bench', parameter_size: '1M' },
      })),
    }
  }
  if (path === '/api/ps')
    return {
      models: MODELS.map((name) => ({
        name,
        model: name,
        size: 1e8,
        digest: `sha-${name}`,
        context_length: 32_768,
      })),
    }
  if (path === '/v1/models') return { object: 'list', data: MODELS.map((id) => ({ id, object: 'model' })) }
  return { status: 'ok' }
}

function show(): unknown {
  return {
    details: { family: 'bench' },
    model_info: { 'general.architecture': 'bench', 'bench.context_length': 32_768 },
    capabilities: ['completion'],
  }
}

function ollamaChat(response: ServerResponse, model: string, pieces: number, stream: boolean): void {
  const base = { model, created_at: '2026-11-23T10:00:00Z' }
  const done = {
    done: true,
    done_reason: 'stop',
    prompt_eval_count: 12,
    eval_count: pieces,
    total_duration: 1,
    load_duration: 1,
  }
  if (!stream) {
    sendJson(response, { ...base, message: { role: 'assistant', content: 'word '.repeat(pieces) }, ...done })
    return
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for (let piece = 0; piece < pieces; piece += 1) {
    response.write(
      `${JSON.stringify({ ...base, message: { role: 'assistant', content: 'word ' }, done: false })}\n`,
    )
  }
  response.end(`${JSON.stringify({ ...base, message: { role: 'assistant', content: '' }, ...done })}\n`)
}

function openaiChat(response: ServerResponse, model: string, pieces: number, stream: boolean): void {
  const usage = { prompt_tokens: 12, completion_tokens: pieces, total_tokens: 12 + pieces }
  const base = { id: 'chatcmpl-1', created: 1, model }
  if (!stream) {
    const message = { role: 'assistant', content: 'word '.repeat(pieces) }
    sendJson(response, {
      ...base,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage,
    })
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (choices: unknown[], more: object = {}): void => {
    response.write(
      `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`,
    )
  }
  for (let piece = 0; piece < pieces; piece += 1)
    send([{ index: 0, delta: { role: 'assistant', content: 'word ' }, finish_reason: null }])
  send([{ index: 0, delta: {}, finish_reason: 'stop' }])
  send([], { usage })
  response.end('data: [DONE]\n\n')
}

/** A stream as a model gives it: piece by piece. */
async function pacedChat(response: ServerResponse, model: string, pieces: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (choices: unknown[], more: object = {}): void => {
    response.write(`data: ${JSON.stringify({ id: 'x', created: 1, model, choices, ...more })}\n\n`)
  }
  for (let piece = 0; piece < pieces; piece += 1) {
    send([{ index: 0, delta: { role: 'assistant', content: 'word ' }, finish_reason: null }])
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  send([{ index: 0, delta: {}, finish_reason: 'stop' }])
  send([], { usage: { prompt_tokens: 12, completion_tokens: pieces, total_tokens: 12 + pieces } })
  response.end('data: [DONE]\n\n')
}

/** One piece, then nothing until the caller leaves; tells the parent when that was. */
function stall(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  response.write(
    `${JSON.stringify({ model: 'stall-1', message: { role: 'assistant', content: 'word ' }, done: false })}\n`,
  )
  request.socket.once('close', () => process.send?.({ closedAt: Date.now() }))
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => done(Buffer.concat(parts).toString()))
}
