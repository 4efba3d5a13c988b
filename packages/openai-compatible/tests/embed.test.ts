import { embeddingSpaceId } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import { openaiDouble, type OpenAIFixture } from '@openmux/testkit/openai'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openaiCompatible, type OpenAICompatibleOptions } from '../src/index.js'
import { callContext, failureOf, KEY } from './support/context.js'

const double = openaiDouble()
const server = await serveHandlers(double.handlers)
afterAll(() => server.close())
beforeEach(() => {
  double.reset()
  server.reset()
})

const TEXTS = ['one', 'two two', 'three', 'four', 'five']

function embedWith(
  inputs: readonly string[],
  changes: Partial<OpenAICompatibleOptions> = {},
  dimensions?: number,
) {
  const provider = openaiCompatible({ id: 'double', baseURL: `${server.url}/v1`, apiKey: KEY, ...changes })
  const request = { model: 'double-embed', inputs, ...(dimensions === undefined ? {} : { dimensions }) }
  if (provider.embed === undefined) throw new Error('no embed')
  return provider.embed(request, callContext())
}

/** An answer of our own instead of the double's. */
function answered(body: unknown): void {
  const fixture: OpenAIFixture = {
    name: 'x',
    source: 'this test',
    mark: 'uncertain',
    stream: false,
    body,
    expected: { code: 'bad-response' },
  }
  double.refuse('/embeddings', fixture)
}

describe('embed()', () => {
  it('sends batches and puts them together in order', async () => {
    const whole = await embedWith(TEXTS)
    const batched = await embedWith(TEXTS, { embedBatch: 2 })
    expect(batched.vectors).toEqual(whole.vectors)
    expect(batched.usage).toEqual(whole.usage)
    const sizes = server.requests().map(({ body }) => (JSON.parse(body) as { input: unknown[] }).input.length)
    expect(sizes).toEqual([5, 2, 2, 1])
  })

  it('goes by the index, not by the place', async () => {
    const straight = await embedWith(TEXTS)
    double.reverseVectors()
    expect((await embedWith(TEXTS)).vectors).toEqual(straight.vectors)
  })

  it('reads base64 as well as numbers', async () => {
    const numbers = await embedWith(TEXTS)
    const { vectors } = await embedWith(TEXTS, { hooks: { quirks: { embeddingEncoding: 'base64' } } })
    expect(JSON.parse(server.requests().at(-1)?.body ?? '') as object).toMatchObject({
      encoding_format: 'base64',
    })
    for (const [row, vector] of vectors.entries())
      for (const [at, number] of vector.entries())
        expect(number).toBeCloseTo(numbers.vectors[row]?.[at] ?? NaN, 6)
  })

  it('shortens, and the shorter vectors live in a space of their own', async () => {
    const [whole, short] = [await embedWith(TEXTS), await embedWith(TEXTS, {}, 8)]
    expect(short.space).toEqual({
      model: 'double-embed',
      dimensions: 8,
      pooling: 'unknown',
      normalized: true,
    })
    expect(embeddingSpaceId(short.space)).not.toBe(embeddingSpaceId(whole.space))
  })

  it('takes the space from the card of the user', async () => {
    const space = {
      model: 'mini',
      revision: 'abc',
      dimensions: 16,
      pooling: 'mean',
      normalized: true,
    } as const
    expect((await embedWith(TEXTS, { models: [{ id: 'double-embed', space }] })).space).toEqual(space)
  })

  it('says whether vectors have length 1', async () => {
    answered({ data: [{ index: 0, embedding: [3, 4] }] })
    expect((await embedWith(['a'])).space).toMatchObject({ dimensions: 2, normalized: false })
  })

  it.each<[string, unknown, RegExp]>([
    ['too few', { data: [{ index: 0, embedding: [1] }] }, /1 vectors for 2 texts/],
    [
      'one twice',
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 0, embedding: [1] },
        ],
      },
      /two vectors for text 0/,
    ],
    [
      'one too far',
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 9, embedding: [1] },
        ],
      },
      /not sent/,
    ],
    [
      'no numbers',
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 1, embedding: ['x'] },
        ],
      },
      /no vector for text 1/,
    ],
    [
      'nothing in it',
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 1, embedding: [] },
        ],
      },
      /no vector for text 1/,
    ],
    [
      'broken base64',
      {
        data: [
          { index: 0, embedding: 'AAAA' },
          { index: 1, embedding: '??' },
        ],
      },
      /no vector/,
    ],
    [
      'different lengths',
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 1, embedding: [1, 2] },
        ],
      },
      /different lengths/,
    ],
    ['no list', { object: 'list' }, /without a list/],
    [
      'tokens instead of vectors',
      {
        data: [
          { index: 0, embedding: [[1, 2]] },
          { index: 1, embedding: [[1, 2]] },
        ],
      },
      /no vector/,
    ],
  ])('refuses an answer with %s', async (_name, body, message) => {
    answered(body)
    const error = await failureOf(() => embedWith(['a', 'b']))
    expect(error).toMatchObject({ code: 'bad-response', provider: 'double', model: 'double-embed' })
    expect(error.message).toMatch(message)
  })

  it('refuses an error inside a 200', async () => {
    answered({ error: { message: 'No successful provider responses.', code: 404 } })
    expect(await failureOf(() => embedWith(['a']))).toMatchObject({ code: 'not-found' })
  })

  it.each([
    [
      'OpenAI',
      {
        error: {
          message: 'This model does not support specifying dimensions.',
          type: 'invalid_request_error',
          param: 'dimensions',
          code: null,
        },
      },
    ],
    [
      'vLLM',
      {
        object: 'error',
        message:
          'Model "m" does not support matryoshka representation, changing output dimensions will lead to poor results.',
        type: 'BadRequestError',
        code: 400,
      },
    ],
  ])('a refusal of dimensions is unsupported: %s', async (_name, body) => {
    double.refuse('/embeddings', {
      name: 'x',
      source: 'public issues',
      mark: 'captured',
      stream: false,
      status: 400,
      body,
      expected: { code: 'unsupported' },
    })
    expect(await failureOf(() => embedWith(['a'], {}, 8))).toMatchObject({ code: 'unsupported' })
  })

  it('dimensions that are ignored are unsupported', async () => {
    answered({ data: [{ index: 0, embedding: [1, 0, 0] }] })
    expect(await failureOf(() => embedWith(['a'], {}, 2))).toMatchObject({
      code: 'unsupported',
      field: 'dimensions',
    })
  })
})
