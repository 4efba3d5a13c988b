import { embeddingSpaceId, type Provider } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import { hfDouble, hfDoubleVector, hfError } from '@openmux/testkit/hf-remote'
import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { hfRemote } from '../src/index.js'
import { meanOf, readFeatures, unitLength } from '../src/embed/read-vectors.js'
import { callContext, CHAT_MODEL, EMBED_MODEL, embedding, failureOf, TOKEN } from './support/context.js'

const double = hfDouble({ token: TOKEN })
const server = await serveHandlers(double.handlers)
const opened: Provider[] = []
afterEach(async () => {
  server.reset()
  double.reset()
  await Promise.all(opened.splice(0).map((one) => one.close()))
})
afterAll(() => server.close())

function remote(): Provider {
  const provider = hfRemote({ baseURL: server.url, hubURL: server.url, token: TOKEN })
  opened.push(provider)
  return provider
}

const TEXTS = ['The sea is wide.', 'A cat sleeps on the sofa today.']
const POSTS = (): readonly string[] =>
  server
    .requests()
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => body)

describe('feature extraction', () => {
  it('asks with the parameters at the root, and never has a text cut silently', async () => {
    await embedding(remote(), TEXTS)
    expect(JSON.parse(POSTS()[0] ?? '')).toEqual({ inputs: TEXTS, normalize: true, truncate: false })
  })

  it.each(['vectors', 'bare', 'tokens', 'tokens-of-one'] as const)(
    'the nesting "%s" gives the same vector of a single text',
    async (nesting) => {
      double.nesting(nesting)
      const { vectors, space } = await embedding(remote(), ['The sea is wide.'])
      const expected = hfDoubleVector('The sea is wide.', 384)
      for (const [place, number] of (vectors[0] ?? []).entries())
        expect(number).toBeCloseTo(expected[place] ?? 9, 6)
      expect(embeddingSpaceId(space)).toBe('all-minilm-l6-v2@?/384/mean/normalized')
    },
  )

  it('pools token vectors text by text, so that no filling of a batch is averaged in', async () => {
    double.nesting('tokens')
    const { vectors } = await embedding(remote(), TEXTS)
    for (const [index, text] of TEXTS.entries()) {
      const expected = hfDoubleVector(text, 384)
      expect(
        (vectors[index] ?? []).reduce((sum, number, place) => sum + number * (expected[place] ?? 0), 0),
      ).toBeCloseTo(1, 6)
    }
    expect(
      POSTS()
        .slice(1)
        .map((body) => JSON.parse(body) as unknown),
    ).toMatchObject([{ inputs: [TEXTS[0]] }, { inputs: [TEXTS[1]] }])
  })

  it('refuses token vectors of a model whose pooling is not known, or is not the mean', async () => {
    for (const model of ['example/token-level-model', 'BAAI/bge-small-en-v1.5']) {
      double.nesting('tokens')
      const error = await failureOf(() => embedding(remote(), TEXTS, model))
      expect(error).toMatchObject({ code: 'unsupported', model })
      expect(error.message).toContain('pooled')
    }
  })

  it('an empty list in place of an error is `bad-response`', async () => {
    double.nesting('empty')
    expect(await failureOf(() => embedding(remote(), TEXTS))).toMatchObject({ code: 'bad-response' })
  })

  it('a cold model is `loading` until the time it estimates, with 503 and with 200, and works afterwards', async () => {
    double.refuse('embeddings', hfError('503 model loading'), 1)
    const provider = remote()
    const before = Date.now()
    const error = await failureOf(() => embedding(provider))
    expect(error.code).toBe('loading')
    expect(Number(error.until) - before).toBeGreaterThan(19_000)
    await embedding(provider)
    double.nesting('loading-as-200')
    expect(await failureOf(() => embedding(provider))).toMatchObject({ code: 'loading' })
  })

  it('a partner is asked on its own route by its own name of the model', async () => {
    const { vectors, space, model } = await embedding(remote(), TEXTS, 'BAAI/bge-m3')
    expect(server.requests().at(-1)?.path).toBe('/deepinfra/v1/openai/embeddings')
    expect(JSON.parse(POSTS()[0] ?? '')).toMatchObject({ model: 'BAAI/bge-m3-multi' })
    expect(vectors).toHaveLength(2)
    expect(space).toEqual({ model: 'bge-m3', dimensions: 1_024, pooling: 'cls', normalized: true })
    expect(model).toBe('BAAI/bge-m3')
  })

  it('a provider that does not serve it, and a chat model, are refused before anything is spent', async () => {
    const served = await failureOf(() => embedding(remote(), TEXTS, `${EMBED_MODEL}:together`))
    expect(served).toMatchObject({ code: 'model-not-served' })
    expect(served.message).toContain('hf-inference does')
    expect(await failureOf(() => embedding(remote(), TEXTS, CHAT_MODEL))).toMatchObject({
      code: 'unsupported',
    })
    expect(POSTS()).toHaveLength(0)
  })

  it('the hub being away stops nothing that hf-inference can do', async () => {
    double.refuse('mapping', hfError('hub: 500'))
    expect((await embedding(remote())).vectors).toHaveLength(2)
  })

  it('asks the hub once for many calls', async () => {
    const provider = remote()
    await embedding(provider)
    await embedding(provider)
    expect(server.requests().filter(({ path }) => path.startsWith('/api/models/'))).toHaveLength(1)
  })

  it('refuses other lengths and names of models that cannot be', async () => {
    const provider = remote()
    const wish = { model: EMBED_MODEL, inputs: TEXTS, dimensions: 100 }
    expect(await failureOf(() => provider.embed?.(wish, callContext()))).toMatchObject({
      code: 'unsupported',
      field: 'dimensions',
    })
    for (const model of ['../../whoami-v2', 'a/b/c', 'a b', '']) {
      expect(await failureOf(() => embedding(provider, TEXTS, model))).toMatchObject({
        code: 'model-not-found',
      })
    }
    expect(server.requests()).toHaveLength(0)
  })
})

describe('reading vectors', () => {
  it('never fails, and what it takes for vectors is sound', () => {
    const value = fc.oneof(fc.jsonValue(), fc.array(fc.array(fc.oneof(fc.double(), fc.array(fc.double())))))
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 4 }), (answer, count) => {
        const read = readFeatures(answer, count)
        if (read.kind === 'broken') return
        const rows = read.kind === 'vectors' ? read.vectors : read.texts.flat()
        expect((read.kind === 'vectors' ? read.vectors : read.texts).length).toBe(count)
        expect(new Set(rows.map((row) => row.length)).size).toBe(1)
        expect(rows.flat().every((number) => Number.isFinite(number))).toBe(true)
      }),
    )
  })

  it('brings vectors to length 1, and has none for zeros', () => {
    const vector = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(vector, (numbers) => {
        const unit = unitLength(numbers)
        if (Math.hypot(...numbers) === 0) expect(unit).toBeUndefined()
        else if (Math.hypot(...numbers) > 1e-150) expect(Math.hypot(...(unit ?? []))).toBeCloseTo(1, 3)
      }),
    )
    expect(
      meanOf([
        [1, 2],
        [3, 6],
      ]),
    ).toEqual([2, 4])
  })
})
