import type { ChatRequest, ImagePart } from '@openmux/core'
import { describe, expect, it } from 'vitest'
import { ask, context, failure, question, withDouble } from './support/with-double.js'

const { double, provider, sent } = await withDouble()
const TOOL = { name: 'f', description: 'does', parameters: { type: 'object', properties: {} } }

/** The body of the one chat that had messages. */
function chatSent() {
  const [body, ...others] = sent('/api/chat').filter(
    ({ messages }) => Array.isArray(messages) && messages.length > 0,
  )
  expect(others).toEqual([])
  return body ?? {}
}

async function bodyOf(changes: Partial<ChatRequest>) {
  await ask(provider(), question('Hi', changes))
  return chatSent()
}

describe('a chat request', () => {
  it('always streams, and forbids the server to shorten the prompt', async () => {
    expect(await bodyOf({})).toMatchObject({ stream: true, truncate: false, shift: false })
  })

  it('carries every option in the words of the server', async () => {
    const body = await bodyOf({ temperature: 0, topP: 0.5, maxTokens: 7, stop: ['END'], seed: 3 })
    expect(body['options']).toEqual({
      num_ctx: 4_096,
      temperature: 0,
      top_p: 0.5,
      num_predict: 7,
      stop: ['END'],
      seed: 3,
    })
  })

  it('asks for JSON, and for a schema', async () => {
    expect(await bodyOf({ responseFormat: { type: 'json' } })).toMatchObject({ format: 'json' })
  })

  it('hands a schema on as it is', async () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } }
    expect(await bodyOf({ responseFormat: { type: 'json-schema', schema } })).toMatchObject({
      format: schema,
    })
  })

  it('leaves tools out when none may be called', async () => {
    expect(await bodyOf({ tools: [TOOL], toolChoice: 'none' })).not.toHaveProperty('tools')
  })

  it('warns that a call cannot be forced', async () => {
    for (const toolChoice of ['required', { name: 'f' }] as const) {
      const { warnings } = await ask(provider(), question('Hi', { tools: [TOOL], toolChoice }))
      expect(warnings).toMatchObject([{ kind: 'ignored-option', option: 'toolChoice' }])
    }
  })

  it('carries calls, results and earlier thinking', async () => {
    const messages: ChatRequest['messages'] = [
      { role: 'user', content: 'q' },
      {
        role: 'assistant',
        content: '',
        reasoning: 'hm',
        toolCalls: [{ id: 'c1', name: 'f', arguments: '{"a":1}' }],
      },
      { role: 'tool', toolCallId: 'c1', content: 'r' },
      { role: 'user', content: 'and?' },
    ]
    const body = await bodyOf({ messages, tools: [TOOL] })
    expect(body['messages']).toEqual([
      { role: 'user', content: 'q' },
      {
        role: 'assistant',
        content: '',
        thinking: 'hm',
        tool_calls: [{ id: 'c1', function: { index: 0, name: 'f', arguments: { a: 1 } } }],
      },
      // The name is what templates show; it is found by the id.
      { role: 'tool', content: 'r', tool_call_id: 'c1', tool_name: 'f' },
      { role: 'user', content: 'and?' },
    ])
  })

  it('with arguments that are no JSON object is refused before anything is sent', async () => {
    for (const text of ['{"a":', '[1]', '"x"']) {
      const calls = [{ id: 'c', name: 'f', arguments: text }]
      const messages: ChatRequest['messages'] = [{ role: 'assistant', content: '', toolCalls: calls }]
      const error = await failure(ask(provider(), question('', { messages })))
      expect(error).toMatchObject({ code: 'bad-request', field: 'messages[0].toolCalls[0].arguments' })
    }
    expect(sent('/api/chat')).toEqual([])
  })

  it('refuses wishes of a wrong shape by their name', async () => {
    const wishes: [Record<string, unknown>, string][] = [
      [{ contextTokens: '8k' }, 'providerOptions.ollama.contextTokens'],
      [{ keepAlive: 'a while' }, 'providerOptions.ollama.keepAlive'],
      [{ options: [] }, 'providerOptions.ollama.options'],
      [{ options: { num_ctx: '8k' } }, 'providerOptions.ollama.options.num_ctx'],
      [{ numCtx: 1 }, 'providerOptions.ollama.numCtx'],
    ]
    for (const [ollama, field] of wishes) {
      expect(await failure(ask(provider(), question('', { providerOptions: { ollama } })))).toMatchObject({
        code: 'bad-request',
        field,
      })
    }
  })
})

describe('images', () => {
  const withImage = (image: ImagePart, model = 'gemma3:4b') =>
    question('', { model, messages: [{ role: 'user', content: [{ type: 'text', text: 'What?' }, image] }] })

  it('go as bare base64, whatever form they came in', async () => {
    const forms: ImagePart[] = [
      { type: 'image', mediaType: 'image/png', base64: 'aGk=' },
      { type: 'image', mediaType: 'image/png', base64: 'data:image/png;base64,aGk=' },
      { type: 'image', url: 'data:image/png;base64,aGk=' },
      { type: 'image', url: 'data:image/png,hi' },
    ]
    for (const image of forms) await ask(provider(), withImage(image))
    const images = sent('/api/chat').flatMap(({ messages }) =>
      (messages as { images?: string[] }[]).map((message) => message.images),
    )
    expect(images.filter((each) => each !== undefined)).toEqual([['aGk='], ['aGk='], ['aGk='], ['aGk=']])
  })

  it('by address are refused with what to do', async () => {
    const error = await failure(
      ask(provider(), withImage({ type: 'image', url: 'https://example.org/a.png' })),
    )
    expect(error).toMatchObject({ code: 'unsupported', field: 'messages[0].content[1]' })
    expect(error.hint).toContain('base64')
  })

  it('in a data: address that is broken are refused', async () => {
    const error = await failure(ask(provider(), withImage({ type: 'image', url: 'data:image/png,%zz' })))
    expect(error).toMatchObject({ code: 'bad-request', field: 'messages[0].content[1]' })
  })

  it('for a text model are refused before anything is loaded', async () => {
    const error = await failure(
      ask(provider(), withImage({ type: 'image', mediaType: 'image/png', base64: 'aGk=' }, 'llama3.2:1b')),
    )
    expect(error).toMatchObject({ code: 'unsupported', field: 'messages' })
    expect(sent('/api/chat')).toEqual([])
  })
})

describe('what a model cannot do', () => {
  it('is refused before anything is loaded: tools', async () => {
    const error = await failure(ask(provider(), question('Hi', { model: 'gemma3:4b', tools: [TOOL] })))
    expect(error).toMatchObject({ code: 'unsupported', field: 'tools' })
    expect(sent('/api/chat')).toEqual([])
  })

  it('is refused before anything is loaded: an answer from an embedding model', async () => {
    expect(await failure(ask(provider(), question('Hi', { model: 'nomic-embed-text' })))).toMatchObject({
      code: 'unsupported',
      field: 'model',
    })
    expect(sent('/api/chat')).toEqual([])
  })
})

describe('thinking', () => {
  const think = async (model: string, reasoning: ChatRequest['reasoning']) => {
    const { warnings } = await ask(
      provider(),
      question('Hi', { model, ...(reasoning === undefined ? {} : { reasoning }) }),
    )
    return { think: chatSent()['think'], options: warnings.map(({ kind, option }) => [kind, option]) }
  }

  it('is left to the model when nothing is asked', async () => {
    expect(await think('qwen3:0.6b', undefined)).toEqual({ think: undefined, options: [] })
  })
  it('is switched off', async () => {
    expect(await think('qwen3:0.6b', 'off')).toEqual({ think: false, options: [] })
  })
  it('has no levels in most models, which is told', async () => {
    expect(await think('qwen3:0.6b', 'high')).toEqual({
      think: true,
      options: [['adjusted-option', 'reasoning']],
    })
  })
  it('has levels in gpt-oss', async () => {
    double.install({ name: 'gpt-oss:20b', family: 'gptoss', capabilities: ['completion', 'thinking'] })
    expect(await think('gpt-oss:20b', 'high')).toEqual({ think: 'high', options: [] })
  })
  it('cannot be switched off in gpt-oss, which is told', async () => {
    double.install({ name: 'gpt-oss:20b', family: 'gptoss', capabilities: ['completion', 'thinking'] })
    expect(await think('gpt-oss:20b', 'off')).toEqual({
      think: 'low',
      options: [['adjusted-option', 'reasoning']],
    })
  })
  it('of a model that does not think is passed over with a warning', async () => {
    expect(await think('llama3.2:1b', 'high')).toEqual({
      think: undefined,
      options: [['ignored-option', 'reasoning']],
    })
  })
  it('off for a model that does not think is simply true', async () => {
    expect(await think('llama3.2:1b', 'off')).toEqual({ think: undefined, options: [] })
  })
})

describe('an answer', () => {
  it('is read whole however its lines were packed', async () => {
    for (const packets of ['line', 'split', 'joined'] as const) {
      double.nextChats({ pieces: ['Grüße ', '世界 ', '🌊'], packets })
      expect((await ask(provider())).text).toBe('Grüße 世界 🌊')
    }
  })

  it('keeps what is flushed in the last line', async () => {
    double.nextChats({ pieces: ['one ', 'two'], flushesInDone: true })
    expect(await ask(provider())).toMatchObject({
      text: 'one two',
      finish: { reason: 'stop', rawReason: 'stop' },
    })
    double.nextChats({ toolCalls: [{ name: 'f', arguments: { a: 1 } }], flushesInDone: true })
    expect(await ask(provider())).toMatchObject({
      finish: { reason: 'tool-calls' },
      toolCalls: [{ name: 'f', arguments: '{"a":1}' }],
    })
  })

  it('that calls tools says so, though the server says stop', async () => {
    double.nextChats({
      pieces: ['Let me see.'],
      toolCalls: [
        { name: 'f', arguments: {}, id: 'call_1' },
        { name: 'g', arguments: {}, id: 'call_1' },
      ],
    })
    const { finish, toolCalls } = await ask(provider(), question('Hi', { tools: [TOOL] }))
    expect(finish).toMatchObject({ reason: 'tool-calls', rawReason: 'stop' })
    expect(toolCalls.map(({ name }) => name)).toEqual(['f', 'g'])
    // The server's id is kept, and made one's own where it came twice.
    expect(toolCalls[0]?.id).toBe('call_1')
    expect(toolCalls[1]?.id).not.toBe('call_1')
  })

  it('cut by the limit inside a tool answer is `length`', async () => {
    double.nextChats({ toolCalls: [{ name: 'f', arguments: {} }], doneReason: 'length' })
    expect((await ask(provider())).finish?.reason).toBe('length')
  })

  it('counts what the server counts', async () => {
    double.nextChats({ pieces: ['a', 'b'], promptTokens: 12 })
    expect((await ask(provider())).finish?.usage).toEqual({ inputTokens: 12, outputTokens: 2 })
  })

  it('marks a prompt that the server did not count as estimated', async () => {
    double.nextChats({ pieces: ['a'], promptTokens: null })
    expect((await ask(provider())).finish?.usage).toMatchObject({ outputTokens: 1, estimated: true })
  })

  it('without a reason for its end is `truncated`: the process of the model went away', async () => {
    double.nextChats({ pieces: ['a'], doneReason: null })
    expect((await failure(ask(provider()))).code).toBe('truncated')
  })

  it('with a foreign line is `bad-response`', async () => {
    double.putInMemory('llama3.2:1b')
    double.refuse('/api/chat', { status: 200, body: '{"choices":[]}\n', contentType: 'application/x-ndjson' })
    expect((await failure(ask(provider()))).code).toBe('bad-response')
  })

  it('names the model that serves', async () => {
    double.install({ name: 'mine' })
    expect((await ask(provider(), question('Hi', { model: 'Mine' }))).start?.model).toBe('mine:latest')
  })
})

describe('a prompt that is too long', () => {
  const LONG = 'word '.repeat(900)

  it('is refused before anything is loaded when it cannot fit', async () => {
    const error = await failure(
      ask(provider(), question('word '.repeat(200_000), { model: 'qwen2.5-coder:1.5b' })),
    )
    expect(error).toMatchObject({ code: 'context-too-long', model: 'qwen2.5-coder:1.5b' })
    expect(error.message).toContain('32768 tokens')
    expect(sent('/api/chat')).toEqual([])
  })

  it('is refused by the server when the guess was too low', async () => {
    // Each of these words is more than one token to the double, so only the server can know.
    const words = Array.from({ length: 500 }, (_unused, index) => `sesquipedalian${index}`).join(' ')
    const error = await failure(ask(provider({ contextTokens: 700 }), question(words)))
    expect(error).toMatchObject({ code: 'context-too-long' })
    expect(error.upstream?.status).toBe(400)
  })

  it('that an old server answered without its beginning is not passed off as answered', async () => {
    double.nextChats({ pieces: ['I know.'], promptTokens: 300 })
    const error = await failure(ask(provider({ contextTokens: 1_000 }), question(LONG)))
    expect(error.code).toBe('context-too-long')
    expect(error.message).toContain('300 tokens')
  })

  it('that filled the whole window is not passed off as answered', async () => {
    double.nextChats({ pieces: ['I know.'], promptTokens: 1_000 })
    expect((await failure(ask(provider({ contextTokens: 1_000 }), question(LONG)))).code).toBe(
      'context-too-long',
    )
  })

  it('is answered when the window asked for holds it', async () => {
    expect((await ask(provider({ contextTokens: 8_192 }), question(LONG))).finish?.reason).toBe('stop')
    expect(
      (await ask(provider(), question(LONG, { providerOptions: { ollama: { contextTokens: 3_000 } } })))
        .finish?.reason,
    ).toBe('stop')
    expect(double.loads.map(({ contextTokens }) => contextTokens)).toEqual([8_192, 3_000])
  })
})

describe('the caller', () => {
  it('gets nothing more after leaving, though it has arrived', async () => {
    double.nextChats({ pieces: ['one ', 'two ', 'three'], packets: 'joined' })
    const within = context()
    const stream = provider().chat(question(), within)[Symbol.asyncIterator]()
    await stream.next()
    within.abort()
    expect((await failure(stream.next())).code).toBe('aborted')
  })
})
