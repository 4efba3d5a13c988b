import { type ChatEvent, type ChatInput, type ChatRequest, OpenMuxError } from '@openmux/core'
import { http, HttpResponse, type RequestHandler } from 'msw'
import {
  readChatBody,
  readEmbedBody,
  writeChatAnswer,
  writeChatStream,
  writeEmbedAnswer,
  writeError,
} from '../../src/index.js'

/** A tiny server made of nothing but our reading of requests and our writing of answers. */
export interface WrittenServer {
  readonly handlers: readonly RequestHandler[]
  /** What the next chats answer; a thrown error breaks the answer there. */
  answer(events: readonly (ChatEvent | OpenMuxError)[]): void
  /** The input of the last chat. */
  lastInput(): ChatInput | undefined
}

const NOW = 1_755_000_000_000

export function writtenServer(vectorOf: (text: string) => readonly number[]): WrittenServer {
  let events: readonly (ChatEvent | OpenMuxError)[] = []
  let input: ChatInput | undefined
  let ids = 0
  const chat = async (request: Request): Promise<Response> => {
    const received = readChatBody(await request.json())
    input = received.input
    const options = {
      id: `chatcmpl-${++ids}`,
      now: NOW,
      model: received.input.model ?? '',
      includeUsage: received.includeUsage,
    }
    if (received.stream)
      return new HttpResponse(bodyOf(writeChatStream(played(events), options)), {
        headers: { 'content-type': 'text/event-stream' },
      })
    return HttpResponse.json(writeChatAnswer(await collected(played(events)), options))
  }
  const embed = async (request: Request): Promise<Response> => {
    const { input: wanted, encoding } = readEmbedBody(await request.json())
    const vectors = wanted.input.map(vectorOf)
    return HttpResponse.json(
      writeEmbedAnswer(
        { vectors, model: wanted.model ?? '', usage: { inputTokens: 7, outputTokens: 0 } },
        encoding,
      ),
    )
  }
  const guarded =
    (work: (request: Request) => Promise<Response>) =>
    async ({ request }: { request: Request }): Promise<Response> => {
      try {
        return await work(request)
      } catch (error) {
        const { status, headers, body } = writeError(error, NOW)
        return HttpResponse.json(body, { status, headers })
      }
    }
  return {
    handlers: [http.post('*/chat/completions', guarded(chat)), http.post('*/embeddings', guarded(embed))],
    answer(next) {
      events = next
    },
    lastInput: () => input,
  }
}

async function* played(events: readonly (ChatEvent | OpenMuxError)[]): AsyncGenerator<ChatEvent> {
  for (const event of events) {
    if (event instanceof OpenMuxError) throw event
    yield event
  }
}

async function collected(events: AsyncIterable<ChatEvent>): Promise<readonly ChatEvent[]> {
  const all: ChatEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

function bodyOf(frames: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = frames[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next()
      if (next.done === true) controller.close()
      else controller.enqueue(new TextEncoder().encode(next.value))
    },
  })
}

/** The request that a received input stands for. */
export function requestOf({ messages = [], model = '', ...input }: ChatInput): ChatRequest {
  return { ...input, messages, model }
}
