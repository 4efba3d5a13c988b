import { describe, expect, it } from 'vitest'
import { type ChatInput, createOpenMux } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { scripted } from './support/scripted-provider.js'

const SECRET = 'sk-or-v1-aaaaaaaaaaaaaaaaaaaaaaaa'

const WRONG: readonly [string, unknown, string][] = [
  ['an empty prompt', { prompt: '  ' }, 'prompt'],
  ['neither prompt nor messages', {}, 'messages'],
  ['prompt and messages', { prompt: 'a', messages: [{ role: 'user', content: 'b' }] }, 'prompt'],
  ['no messages', { messages: [] }, 'messages'],
  ['an unknown role', { messages: [{ role: 'robot', content: 'b' }] }, 'messages[0].role'],
  ['content of a wrong type', { messages: [{ role: 'user', content: 3 }] }, 'messages[0].content'],
  ['a tool answer without an id', { messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].toolCallId'],
  ['a temperature out of range', { prompt: 'a', temperature: 3 }, 'temperature'],
  ['a temperature that is no number', { prompt: 'a', temperature: Number.NaN }, 'temperature'],
  ['a topP of zero', { prompt: 'a', topP: 0 }, 'topP'],
  ['half a token', { prompt: 'a', maxTokens: 0.5 }, 'maxTokens'],
  ['an empty stop text', { prompt: 'a', stop: [''] }, 'stop'],
  ['a tool with a strange name', { prompt: 'a', tools: [{ name: 'a b', parameters: {} }] }, 'tools[0].name'],
  [
    'two tools of one name',
    {
      prompt: 'a',
      tools: [
        { name: 'x', parameters: {} },
        { name: 'x', parameters: {} },
      ],
    },
    'tools[1].name',
  ],
  [
    'a choice of a tool that is not there',
    { prompt: 'a', tools: [], toolChoice: { name: 'x' } },
    'toolChoice.name',
  ],
  ['no attempts', { prompt: 'a', maxAttempts: 0 }, 'maxAttempts'],
  ['a negative time limit', { prompt: 'a', timeouts: { totalMs: -1 } }, 'timeouts.totalMs'],
  ['a provider that is no name', { prompt: 'a', provider: '' }, 'provider'],
  ['nothing', null, 'input'],
  ['a number', 7, 'input'],
  ['preferences that are no list', { prompt: 'a', prefer: 'ollama' }, 'prefer'],
  ['tools that are no list', { prompt: 'a', tools: 'x' }, 'tools'],
  ['a tool that is none', { prompt: 'a', tools: [null] }, 'tools[0]'],
  ['a tool without a schema', { prompt: 'a', tools: [{ name: 'x' }] }, 'tools[0].parameters'],
  ['an unknown choice of tools', { prompt: 'a', toolChoice: 'sometimes' }, 'toolChoice'],
  ['a message that is none', { messages: [null] }, 'messages[0]'],
  ['a part that is none', { messages: [{ role: 'user', content: [null] }] }, 'messages[0].content[0]'],
  [
    'a part of an unknown type',
    { messages: [{ role: 'user', content: [{ type: 'img' }] }] },
    'messages[0].content[0]',
  ],
  ['an unknown effort', { prompt: 'a', reasoning: 'hgih' }, 'reasoning'],
  ['a format that is a word', { prompt: 'a', responseFormat: 'json' }, 'responseFormat'],
  ['a format of an unknown type', { prompt: 'a', responseFormat: { type: 'xml' } }, 'responseFormat.type'],
  [
    'a schema that is missing',
    { prompt: 'a', responseFormat: { type: 'json-schema' } },
    'responseFormat.schema',
  ],
  ['limits that are no object', { prompt: 'a', timeouts: 5 }, 'timeouts'],
  ['a signal that is none', { prompt: 'a', signal: {} }, 'signal'],
  ['a system that is no text', { prompt: 'a', system: 5 }, 'system'],
  ['a key where a number belongs', { prompt: 'a', temperature: SECRET }, 'temperature'],
  ['an option of another library', { prompt: 'a', max_tokens: 5 }, 'max_tokens'],
]

describe('bad input', () => {
  for (const [what, input, field] of WRONG) {
    it(`${what} is refused by name, before anybody is asked`, async () => {
      const provider = scripted('only')
      const openmux = createOpenMux({ providers: [provider] })
      for (const run of [
        () => openmux.chat(input as ChatInput),
        () => openmux.stream(input as ChatInput).result(),
        () => openmux.explain(input as ChatInput),
      ]) {
        const error = await failureOf(run())
        expect(error).toMatchObject({ code: 'bad-request', field, fault: 'caller' })
        expect(error.hint).not.toBe('')
        expect(JSON.stringify(error)).not.toContain(SECRET)
      }
      expect(provider.asked).toHaveLength(0)
    })
  }

  it('names the option that was meant', async () => {
    const error = await failureOf(
      createOpenMux({ providers: [scripted('only')] }).chat({ prompt: 'a', max_tokens: 5 } as ChatInput),
    )
    expect(error.hint).toBe('Did you mean "maxTokens"?')
  })

  it('is refused for embeddings too', async () => {
    const openmux = createOpenMux({ providers: [scripted('only', { vectors: [] })] })
    for (const [input, field] of [
      [null, 'input'],
      [5, 'input'],
      [{ input: 'x', purpose: 'fun' }, 'purpose'],
    ] as const)
      expect(await failureOf(openmux.embed(input as unknown as string))).toMatchObject({
        code: 'bad-request',
        field,
      })
  })

  it('takes a prompt of a megabyte', async () => {
    expect((await createOpenMux({ providers: [scripted('only')] }).chat('x'.repeat(1_000_000))).text).toBe(
      'Hello',
    )
  })
})
