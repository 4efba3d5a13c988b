import { type HandlerServer, serveHandlers } from '@openmux/testkit'
import { ollamaDouble } from '@openmux/testkit/ollama'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OllamaServer, startOllama } from '../../../tools/real-parts/ollama-server.mjs'
import { realParts, whySkipped } from './support/real-ollama.js'

const parts = await realParts()

/** The models of the real server, as the double has them. */
const MODELS = [
  { name: 'gemma3-270m', family: 'gemma3', contextTokens: 32_768, parameterSize: '268.10M' },
  {
    name: 'all-minilm',
    capabilities: ['embedding'],
    family: 'bert',
    contextTokens: 512,
    embeddingLength: 384,
    poolingType: 1,
  },
]
const HI = [{ role: 'user', content: 'hi' }]
const TOOL = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }
const chat = (body: object) => ['POST', '/api/chat', { model: 'gemma3-270m', messages: HI, ...body }] as const
const embed = (body: object) =>
  ['POST', '/api/embed', { model: 'all-minilm', input: ['a'], ...body }] as const
const LIMITED = { options: { num_predict: 2, num_ctx: 4_096 } }

/** Refusals: status, type and words have to be equal. */
const REFUSALS = {
  'chat without a body': ['POST', '/api/chat', ''],
  'chat without a model': chat({ model: '' }),
  'chat with a name that has a blank': chat({ model: 'a b' }),
  'chat with an unknown model': chat({ model: 'nope' }),
  'chat with tools': chat({ tools: [TOOL] }),
  'chat with thinking': chat({ think: true }),
  'chat with an embedding model': chat({ model: 'all-minilm' }),
  'chat with an option of a wrong type': chat({ options: { num_ctx: 'x' } }),
  'chat with a text for a list': chat({ options: { stop: 'x' } }),
  'chat with a prompt that is too long': chat({
    messages: [{ role: 'user', content: 'word '.repeat(400) }],
    truncate: false,
    options: { num_ctx: 256 },
  }),
  'chat with an image': chat({ messages: [{ role: 'user', content: 'hi', images: ['aGk='] }], ...LIMITED }),
  'show of an unknown model': ['POST', '/api/show', { model: 'nope' }],
  'show of nothing': ['POST', '/api/show', {}],
  'embed with an unknown model': embed({ model: 'nope' }),
  'embed with a chat model': embed({ model: 'gemma3-270m' }),
  'embed of a number': embed({ input: ['a', 3] }),
  'embed of a text that is too long': embed({ input: ['word '.repeat(1_000)], truncate: false }),
  'delete of an unknown model': ['DELETE', '/api/delete', { model: 'nope' }],
  'generate with an unknown model': ['POST', '/api/generate', { model: 'nope', keep_alive: 0 }],
  'pull of a name with a blank': ['POST', '/api/pull', { model: 'a b' }],
} as const

/** Answers: status, type and shape have to be equal. */
const ANSWERS = {
  version: ['GET', '/api/version', undefined],
  tags: ['GET', '/api/tags', undefined],
  'load of a chat model': chat({ messages: [], stream: false, ...LIMITED }),
  'load, streamed or not': chat({ messages: [], ...LIMITED }),
  'models in memory': ['GET', '/api/ps', undefined],
  'a stream': chat(LIMITED),
  'an answer without a stream': chat({ stream: false, ...LIMITED }),
  'a load of an embedding model': embed({ input: [] }),
  embeddings: embed({ input: ['a', 'b'] }),
  'shorter embeddings': embed({ dimensions: 16 }),
  'unload of a chat model': chat({ messages: [], keep_alive: 0 }),
  'unload by generate': ['POST', '/api/generate', { model: 'all-minilm', keep_alive: 0, stream: false }],
} as const

describe.skipIf(!parts.available)(
  `the double of Ollama and the real one${whySkipped(parts)}`,
  { timeout: 120_000 },
  () => {
    let real: OllamaServer
    let double: HandlerServer
    beforeAll(async () => {
      real = await startOllama()
      double = await serveHandlers(ollamaDouble({ models: MODELS }).handlers)
    }, 60_000)
    afterAll(async () => {
      await double?.close()
      await real?.stop()
    })

    const ask = async (url: string, [method, path, body]: readonly [string, string, unknown]) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const answer = await fetch(url + path, { method, ...(body === undefined ? {} : { body: text }) })
      return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
    }

    it.each(Object.entries(REFUSALS))('refuse alike: %s', async (_name, request) => {
      expect(await ask(double.url, request)).toEqual(await ask(real.url, request))
    })

    it.each(Object.entries(ANSWERS))('answer in the same shape: %s', async (_name, request) => {
      const shaped = async (url: string) => {
        const { status, type, text } = await ask(url, request)
        const lines = text
          .trim()
          .split('\n')
          .map((line) => shapeOf(JSON.parse(line)))
        // The first and the last line: how many come between them is the model's affair.
        return { status, type, first: lines[0], last: lines.at(-1) }
      }
      expect(await shaped(double.url)).toEqual(await shaped(real.url))
    })

    it('show the same members', async () => {
      for (const { name } of MODELS) {
        const request = ['POST', '/api/show', { model: name }] as const
        const [ours, theirs] = (await Promise.all([ask(double.url, request), ask(real.url, request)])).map(
          ({ text }) => JSON.parse(text) as object,
        )
        // The real one tells more (licence, tensors); what the double tells is there, in the same form.
        expect(shapeOf(theirs)).toMatchObject(shapeOf(ours) as object)
      }
    })
  },
)

/** The form of a value: members and kinds, not contents. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])]
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]))
}
