import { describe, expect, it } from 'vitest'
import { ask, context, failure, question, withDouble } from './support/with-double.js'

const TOOL = { name: 'f', parameters: { type: 'object', properties: {} } }

describe('a server that does not know `truncate: false`', async () => {
  const { double, provider } = await withDouble({ version: '0.11.0' })

  it('drops the oldest messages, and the answer is not passed off as one to all of them', async () => {
    const messages = Array.from({ length: 9 }, (_unused, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: 'many words '.repeat(60),
    }))
    const error = await failure(ask(provider({ contextTokens: 512 }), question('', { messages })))
    expect(error).toMatchObject({ code: 'context-too-long', model: 'llama3.2:1b' })
  })

  it('cuts one long message to its window, and that is seen too', async () => {
    expect(
      (await failure(ask(provider({ contextTokens: 512 }), question('many words '.repeat(260))))).code,
    ).toBe('context-too-long')
  })

  it('answers a prompt that fits', async () => {
    expect(
      (await ask(provider({ contextTokens: 2_048 }), question('many words '.repeat(200)))).finish?.reason,
    ).toBe('stop')
  })

  it('gives no ids to tool calls: ours are unique', async () => {
    const calls = {
      toolCalls: [
        { name: 'f', arguments: {} },
        { name: 'f', arguments: {} },
      ],
    }
    double.nextChats(calls, calls)
    const target = provider()
    const answers = [
      await ask(target, question('Hi', { tools: [TOOL] })),
      await ask(target, question('Hi', { tools: [TOOL] })),
    ]
    const ids = answers.flatMap(({ toolCalls }) => toolCalls.map(({ id }) => id))
    expect(new Set(ids).size).toBe(4)
  })
})

describe('a server that tells no capabilities', async () => {
  const { double, provider, sent } = await withDouble({ version: '0.6.0' })

  it('is asked to think, and asked again without when the model cannot', async () => {
    double.nextChats({
      refusal: { status: 400, body: '{"error":"\\"llama3.2:1b\\" does not support thinking"}' },
    })
    double.install({ name: 'llama3.2:1b', capabilities: ['completion', 'thinking'] })
    const { warnings, finish } = await ask(provider(), question('Hi', { reasoning: 'medium' }))
    expect(warnings).toMatchObject([{ kind: 'ignored-option', option: 'reasoning' }])
    expect(finish?.reason).toBe('stop')
    expect(
      sent('/api/chat')
        .filter(({ messages }) => (messages as unknown[]).length > 0)
        .map(({ think }) => think),
    ).toEqual([true, undefined])
  })

  it('refuses images for a text model, and the refusal is typed', async () => {
    const content = [{ type: 'image' as const, mediaType: 'image/png', base64: 'aGk=' }]
    expect(
      (await failure(ask(provider(), question('', { messages: [{ role: 'user', content }] })))).code,
    ).toBe('unsupported')
  })
})

describe('a server without /api/embed', async () => {
  const { provider } = await withDouble({ version: '0.3.0' })

  it('says that Ollama has to be updated', async () => {
    const error = await failure(provider().embed({ model: 'nomic-embed-text', inputs: ['a'] }, context()))
    expect(error).toMatchObject({ code: 'needs-setup', model: 'nomic-embed-text' })
    expect(error.hint).toContain('Update Ollama')
  })
})

describe('a server without /api/ps', async () => {
  const { double, provider } = await withDouble()

  it('is asked to load whenever it is not known that it has', async () => {
    double.refuse('/api/ps', { status: 404, body: '404 page not found', contentType: 'text/plain' })
    expect((await ask(provider())).finish?.reason).toBe('stop')
    expect(await provider().running()).toEqual([])
  })
})

describe('a newer server', async () => {
  const { provider } = await withDouble({ version: '0.33.0' })

  it('refuses a prompt that is too long in other words', async () => {
    const words = Array.from({ length: 500 }, (_unused, index) => `sesquipedalian${index}`).join(' ')
    expect((await failure(ask(provider({ contextTokens: 700 }), question(words)))).code).toBe(
      'context-too-long',
    )
  })
})
