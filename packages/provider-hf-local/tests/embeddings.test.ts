import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CHAT, cleanUp, context, EMBED, failureOf, filledCache, provider } from './support.js'

afterEach(cleanUp)

const local = async (): Promise<ReturnType<typeof provider>> =>
  provider({ offline: true, cacheFolder: await filledCache() })

function cosine(one: readonly number[], other: readonly number[]): number {
  const dot = one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0)
  return dot / (Math.hypot(...one) * Math.hypot(...other))
}

describe('embeddings of a real model in the worker', () => {
  it('come in order, of length 1, with the identity of their space and the tokens counted', async () => {
    const answer = await (
      await local()
    ).embed({ model: EMBED, inputs: ['hello world', 'weather', 'hello world'] }, context())
    expect(answer.model).toBe(EMBED)
    expect(answer.space).toEqual({ model: 'tiny-embed', dimensions: 32, pooling: 'mean', normalized: true })
    expect(answer.vectors.map((vector) => vector.length)).toEqual([32, 32, 32])
    for (const vector of answer.vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
    expect(answer.vectors[2]).toEqual(answer.vectors[0])
    expect(answer.usage?.inputTokens).toBeGreaterThan(6)
    expect(answer.usage?.outputTokens).toBe(0)
  })

  it('put texts that share words closer together than others', async () => {
    const from = await local()
    const { vectors } = await from.embed(
      { model: EMBED, inputs: ['hello world', 'hello there world', 'a cat'] },
      context(),
    )
    const [one = [], near = [], far = []] = vectors
    expect(cosine(one, near)).toBeGreaterThan(cosine(one, far) + 0.1)
  })

  it.each(['q8', 'fp32'] as const)('do not depend on the texts beside them (%s)', async (dtype) => {
    const from = provider({ offline: true, cacheFolder: await filledCache(), dtype })
    const inputs = [
      'hello',
      'a much longer text with many more words than the other one has',
      ...Array.from({ length: 40 }, (_unused, place) => `text ${place}`),
    ]
    const together = await from.embed({ model: EMBED, inputs }, context())
    expect(together.vectors).toHaveLength(42)
    for (const place of [0, 1, 41]) {
      const alone = await from.embed({ model: EMBED, inputs: [inputs[place] ?? ''] }, context())
      expect(cosine(alone.vectors[0] ?? [], together.vectors[place] ?? [])).toBeGreaterThan(0.99999)
    }
  })

  it('are pooled and left unnormalised as asked for, and their space says so', async () => {
    const from = provider({
      offline: true,
      cacheFolder: await filledCache(),
      models: [{ model: EMBED, pooling: 'cls', normalize: false }],
    })
    const { space, vectors } = await from.embed({ model: EMBED, inputs: ['hello world'] }, context())
    expect(space).toMatchObject({ pooling: 'cls', normalized: false })
    expect(Math.abs(Math.hypot(...(vectors[0] ?? [])) - 1)).toBeGreaterThan(0.001)
    expect((await from.models(context())).find((card) => card.id === EMBED)?.space).toEqual(space)
  })

  it('put the prompt of the model before queries and documents', async () => {
    const cacheFolder = await filledCache()
    const file = join(cacheFolder, EMBED, 'config_sentence_transformers.json')
    const config = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...config, prompts: { query: 'hello ' } }))
    const from = provider({ offline: true, cacheFolder })
    const query = await from.embed({ model: EMBED, inputs: ['world'], purpose: 'query' }, context())
    const written = await from.embed({ model: EMBED, inputs: ['hello world'] }, context())
    const document = await from.embed({ model: EMBED, inputs: ['world'], purpose: 'document' }, context())
    expect(query.vectors).toEqual(written.vectors)
    expect(document.vectors).not.toEqual(written.vectors)
  })

  it.each([
    [
      'a text longer than the window',
      { inputs: ['fine', 'hello '.repeat(300)] },
      'context-too-long',
      'inputs[1]',
    ],
    ['no texts', { inputs: [] }, 'bad-request', 'inputs'],
    ['an empty text', { inputs: ['fine', ' '] }, 'bad-request', 'inputs[1]'],
    ['shortened vectors', { dimensions: 16 }, 'unsupported', 'dimensions'],
    ['a chat model', { model: CHAT }, 'unsupported', 'model'],
  ])('%s: a typed error that names the field', async (_what, more, code, field) => {
    const request = { model: EMBED, inputs: ['fine'], ...more }
    expect(await failureOf((await local()).embed(request, context()))).toMatchObject({
      code,
      field,
      provider: 'hf-local',
    })
  })

  it('stop when the caller leaves', async () => {
    const from = await local()
    await from.embed({ model: EMBED, inputs: ['x'] }, context())
    const watched = context()
    const work = failureOf(
      from.embed({ model: EMBED, inputs: Array.from({ length: 3_000 }, () => 'hello world') }, watched),
    )
    watched.control.abort()
    expect(await work).toMatchObject({ code: 'aborted' })
  })
})
