import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PullProgress } from '../src/index.js'
import { createPullTally } from '../src/manage/pull-progress.js'
import { ask, context, failure, question, withDouble } from './support/with-double.js'

const { double, provider, sent } = await withDouble()

describe('managing models', () => {
  it('pulls with progress in bytes of the whole', async () => {
    const news: PullProgress[] = []
    await provider().pull('smollm2:135m', { onProgress: (progress) => news.push(progress) })
    expect(
      news.map(({ status, loadedBytes, totalBytes, done }) => [status, loadedBytes, totalBytes, done]),
    ).toEqual([
      ['pulling manifest', 0, undefined, false],
      ['pulling 74701a8c35f6', 0, 1_000, false],
      ['pulling 74701a8c35f6', 400, 1_000, false],
      ['pulling 74701a8c35f6', 1_000, 1_000, false],
      ['verifying sha256 digest', 1_000, 1_000, false],
      ['writing manifest', 1_000, 1_000, false],
      ['success', 1_000, 1_000, true],
    ])
    expect((await ask(provider(), question('Hi', { model: 'smollm2:135m' }))).finish?.reason).toBe('stop')
  })

  it('finds a failed pull in the stream', async () => {
    double.scriptPull([{ status: 'pulling manifest' }, { error: 'pull model manifest: file does not exist' }])
    expect(await failure(provider().pull('nope:1b'))).toMatchObject({
      code: 'model-not-found',
      model: 'nope:1b',
    })
  })

  it('takes a pull that just ends for cut', async () => {
    double.scriptPull([{ status: 'pulling manifest' }])
    expect((await failure(provider().pull('nope:1b'))).code).toBe('truncated')
  })

  it('can be left, with any signal', async () => {
    double.silence('/api/pull')
    const controller = new AbortController()
    const left = failure(provider().pull('smollm2:135m', { signal: controller.signal }))
    controller.abort()
    expect((await left).code).toBe('aborted')
  })

  it('deletes, and knows at once', async () => {
    const target = provider()
    await ask(target)
    await target.delete('llama3.2:1b')
    expect((await failure(ask(target))).code).toBe('model-not-found')
    expect(await failure(target.delete('llama3.2:1b'))).toMatchObject({
      code: 'model-not-found',
      model: 'llama3.2:1b',
    })
  })

  it('unloads, and loads again when asked', async () => {
    const target = provider()
    await ask(target)
    expect((await target.running()).map(({ name }) => name)).toEqual(['llama3.2:1b'])
    await target.unload('llama3.2:1b')
    expect(await target.running()).toEqual([])
    const within = context()
    await ask(target, question(), within)
    expect(within.news).toHaveLength(2)
  })

  it('tells the version, the models, and what one can do', async () => {
    const target = provider()
    expect(await target.version()).toBe('0.24.0')
    expect((await target.tags()).map(({ name }) => name)).toContain('qwen3:0.6b')
    expect(await target.show('qwen3:0.6b')).toMatchObject({
      capabilities: ['completion', 'tools', 'thinking'],
      contextTokens: 40_960,
      family: 'qwen3',
    })
    expect(await failure(target.show('nope'))).toMatchObject({ code: 'model-not-found' })
    expect(sent('/api/show')).toHaveLength(2)
  })

  it('never tells a download to go back', () => {
    const lines = fc.array(
      fc.record({
        digest: fc.constantFrom('a', 'b', 'c'),
        totalBytes: fc.constant(1_000),
        completedBytes: fc.integer({ min: 0, max: 1_000 }),
      }),
    )
    fc.assert(
      fc.property(lines, (some) => {
        const tally = createPullTally('m')
        const told = some.map((line) => tally({ status: 'pulling', ...line }))
        for (const [index, { loadedBytes, totalBytes = 0 }] of told.entries()) {
          expect(loadedBytes).toBeGreaterThanOrEqual(told[index - 1]?.loadedBytes ?? 0)
          expect(loadedBytes).toBeLessThanOrEqual(totalBytes)
        }
      }),
    )
  })
})
