import { embeddingSpaceId } from '@openmux/core'
import { describe, expect, it } from 'vitest'
import { context, failure, withDouble } from './support/with-double.js'

const { double, provider, sent } = await withDouble()
const MODEL = 'nomic-embed-text'
const embedsSent = () => sent('/api/embed').filter(({ input }) => Array.isArray(input) && input.length > 0)

describe('embeddings', () => {
  it('are asked for in batches, in order, and never shortened', async () => {
    const inputs = Array.from({ length: 150 }, (_unused, index) => `text number ${index}`)
    const { vectors, usage } = await provider().embed({ model: MODEL, inputs }, context())
    expect(embedsSent().map(({ input, truncate }) => [(input as string[]).length, truncate])).toEqual([
      [64, false],
      [64, false],
      [22, false],
    ])
    expect(vectors).toHaveLength(150)
    const alone = await provider().embed({ model: MODEL, inputs: ['text number 149'] }, context())
    expect(vectors[149]).toEqual(alone.vectors[0])
    // The tokens of all batches together.
    const each = await Promise.all(
      inputs.map((text) => provider().embed({ model: MODEL, inputs: [text] }, context())),
    )
    expect(usage?.inputTokens).toBe(each.reduce((all, answer) => all + (answer.usage?.inputTokens ?? 0), 0))
  })

  it('take the batch size that was set', async () => {
    await provider({ embedBatch: 2 }).embed({ model: MODEL, inputs: ['a', 'b', 'c'] }, context())
    expect(embedsSent()).toHaveLength(2)
  })

  it('name their space by model, digest, length and pooling', async () => {
    const { space, model } = await provider().embed(
      { model: 'Nomic-Embed-Text:latest', inputs: ['a'] },
      context(),
    )
    expect(space).toEqual({
      model: MODEL,
      revision: expect.stringMatching(/^[0-9a-f]{64}$/),
      dimensions: 64,
      pooling: 'mean',
      normalized: true,
    })
    expect(model).toBe('nomic-embed-text:latest')
  })

  it('live in another space when the weights change under the same name', async () => {
    const target = provider()
    const before = await target.embed({ model: MODEL, inputs: ['a'] }, context())
    await target.delete(MODEL)
    double.install({
      name: MODEL,
      capabilities: ['embedding'],
      family: 'nomic-bert',
      poolingType: 1,
      digest: 'f'.repeat(64),
    })
    const after = await target.embed({ model: MODEL, inputs: ['a'] }, context())
    expect(embeddingSpaceId(after.space)).not.toBe(embeddingSpaceId(before.space))
  })

  it('are shortened where the model was trained for it, else refused', async () => {
    const { vectors, space } = await provider().embed(
      { model: MODEL, inputs: ['a'], dimensions: 16 },
      context(),
    )
    expect([vectors[0]?.length, space.dimensions]).toEqual([16, 16])
    double.install({ name: 'all-minilm', capabilities: ['embedding'], family: 'bert' })
    const error = await failure(
      provider().embed({ model: 'all-minilm', inputs: ['a'], dimensions: 16 }, context()),
    )
    expect(error).toMatchObject({ code: 'unsupported', field: 'dimensions' })
  })

  it('of a text that is too long are refused, not made of its beginning', async () => {
    const error = await failure(
      provider().embed({ model: MODEL, inputs: ['short', 'word '.repeat(3_000)] }, context()),
    )
    expect(error).toMatchObject({ code: 'context-too-long', model: MODEL })
  })

  it('of models with a long window are loaded with room for the longest text', async () => {
    double.install({
      name: 'qwen3-embedding:0.6b',
      capabilities: ['embedding'],
      family: 'qwen3',
      contextTokens: 32_768,
    })
    await provider().embed({ model: 'qwen3-embedding:0.6b', inputs: ['a', 'word '.repeat(5_000)] }, context())
    expect(double.loads).toEqual([{ name: 'qwen3-embedding:0.6b', contextTokens: 8_192 }])
  })

  it('are not asked of a chat model, and the installed embedding models are named', async () => {
    const error = await failure(provider().embed({ model: 'llama3.2:1b', inputs: ['a'] }, context()))
    expect(error).toMatchObject({ code: 'unsupported', field: 'model' })
    expect(error.hint).toContain(MODEL)
    double.uninstall(MODEL)
    expect(
      (await failure(provider().embed({ model: 'llama3.2:1b', inputs: ['a'] }, context()))).hint,
    ).toContain('ollama pull nomic-embed-text')
    expect(sent('/api/embed')).toEqual([])
  })

  it('with numbers that are none are refused', async () => {
    double.putInMemory(MODEL)
    double.refuse('/api/embed', { status: 200, body: '{"embeddings":[[1,null]]}' })
    expect((await failure(provider().embed({ model: MODEL, inputs: ['a'] }, context()))).code).toBe(
      'bad-response',
    )
    double.refuse('/api/embed', { status: 200, body: '{"embeddings":[[1,2],[1]]}' })
    expect((await failure(provider().embed({ model: MODEL, inputs: ['a', 'b'] }, context()))).code).toBe(
      'bad-response',
    )
  })
})
