import { afterEach, describe, expect, it } from 'vitest'
import {
  ask,
  becomes,
  CHAT,
  cleanUp,
  context,
  emptyFolder,
  EMBED,
  failureOf,
  filledCache,
  provider,
} from './support.js'

afterEach(cleanUp)

const local = async (): Promise<ReturnType<typeof provider>> =>
  provider({ offline: true, cacheFolder: await filledCache() })

describe('a chat with a real model in the worker', () => {
  it('streams piece by piece and says who answers, why it ended and what it cost', async () => {
    const answer = await ask(await local(), 'hello', { maxTokens: 12 })
    expect(answer.start).toMatchObject({ model: CHAT, warnings: [] })
    expect(answer.text).toBe('This is a tiny model for tests. Its weights were written')
    expect(answer.pieces.length).toBeGreaterThan(6)
    expect(answer.finish).toMatchObject({ reason: 'length', rawReason: 'max-tokens' })
    expect(answer.finish.usage).toEqual({ inputTokens: 5, outputTokens: 12 })
  })

  it('ends with `stop` at an end token, of which there may be several', async () => {
    const answer = await ask(await local(), 'Say it briefly')
    expect(answer.finish).toMatchObject({ reason: 'stop', rawReason: 'eos' })
    expect(answer.text).toBe('This is a tiny model for tests.')
  })

  it('never shows half a character, though its bytes come in several tokens', async () => {
    const answer = await ask(await local(), 'emoji')
    expect(answer.text).toBe('naïve世界🙂 finished')
    for (const piece of answer.pieces) {
      expect(piece).not.toContain('\uFFFD')
      expect(piece.isWellFormed()).toBe(true)
    }
  })

  it('reports progress of the load', async () => {
    const watched = context()
    await ask(await local(), 'hello', { maxTokens: 1 }, watched)
    expect(watched.progress).toEqual([
      { kind: 'load', model: CHAT, done: false },
      { kind: 'load', model: CHAT, done: true },
    ])
  })

  it('cuts at a stop text that is spread over tokens, and shows no part of it', async () => {
    const from = await local()
    const answer = await ask(from, 'hello', { stop: ['odel for te'] })
    expect(answer.text).toBe('This is a tiny m')
    expect(answer.finish).toMatchObject({ reason: 'stop', rawReason: 'stop-text' })
  })

  it('shows what looked like the beginning of a stop text when the answer ends', async () => {
    const answer = await ask(await local(), 'hello', { stop: ['tiny model for cats'], maxTokens: 5 })
    expect(answer.text).toBe('This is a tiny model')
  })

  it('answers the same with the same seed, and differently with another', async () => {
    const from = await local()
    const roll = async (seed: number): Promise<string> =>
      (await ask(from, 'hello', { temperature: 3, seed, maxTokens: 24 })).text
    const first = await roll(1)
    expect(await roll(1)).toBe(first)
    const others = [await roll(2), await roll(3), await roll(2 ** 40)]
    expect(others.some((text) => text !== first)).toBe(true)
  })

  it('takes the most likely token at temperature 0, whatever the seed', async () => {
    const from = await local()
    const one = await ask(from, 'hello', { temperature: 0, seed: 1, maxTokens: 20 })
    const other = await ask(from, 'hello', { temperature: 0, seed: 2, maxTokens: 20 })
    expect(other.text).toBe(one.text)
  })

  it('obeys top-p, which the library itself ignores', async () => {
    const from = await local()
    const greedy = await ask(from, 'hello', { temperature: 0, maxTokens: 16 })
    const narrow = await ask(from, 'hello', { temperature: 3, topP: 0.000001, seed: 7, maxTokens: 16 })
    const wide = await ask(from, 'hello', { temperature: 30, topP: 1, seed: 7, maxTokens: 16 })
    expect(narrow.text).toBe(greedy.text)
    expect(wide.text).not.toBe(greedy.text)
  })

  it('ends with `length` at the end of the window', async () => {
    const from = provider({
      offline: true,
      cacheFolder: await filledCache(),
      models: [{ model: CHAT, contextTokens: 40 }],
    })
    const answer = await ask(from, 'hello')
    expect(answer.finish).toMatchObject({ reason: 'length', rawReason: 'window' })
    expect((answer.finish.usage?.inputTokens ?? 0) + (answer.finish.usage?.outputTokens ?? 0)).toBe(40)
  })

  it('refuses a prompt longer than the window with the numbers, before generating', async () => {
    const error = await failureOf(ask(await local(), 'hello '.repeat(600)))
    expect(error).toMatchObject({
      code: 'context-too-long',
      provider: 'hf-local',
      model: CHAT,
      field: 'messages',
    })
    expect(error.message).toMatch(/60\d tokens.*511/)
  })

  it('refuses a megabyte of prompt quickly, with or without blanks', async () => {
    const from = await local()
    await ask(from, 'hello', { maxTokens: 1 })
    const start = performance.now()
    for (const text of ['hello '.repeat(170_000), 'x'.repeat(1_000_000), '🙂'.repeat(250_000)]) {
      expect(await failureOf(ask(from, text))).toMatchObject({ code: 'context-too-long' })
    }
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  it('continues an answer that was begun', async () => {
    const messages = [
      { role: 'user' as const, content: 'hello' },
      { role: 'assistant' as const, content: 'This is a tiny' },
    ]
    const answer = await ask(await local(), '', { messages, maxTokens: 4 })
    expect(answer.text).toBe(' model for tests.')
  })

  it('stops at the next token when the caller leaves, and answers the next call', async () => {
    const from = await local()
    const watched = context()
    const pieces: string[] = []
    const error = await failureOf(
      (async () => {
        for await (const event of from.chat(
          { model: CHAT, messages: [{ role: 'user', content: 'hello' }] },
          watched,
        )) {
          if (event.type !== 'text') continue
          pieces.push(event.text)
          if (pieces.length === 3) watched.control.abort()
        }
      })(),
    )
    expect(error.code).toBe('aborted')
    expect(pieces).toHaveLength(3)
    // The whole answer would be five hundred tokens; the next call need not wait for them.
    expect((await ask(from, 'hello', { maxTokens: 2 })).text).toBe('This is')
  })

  it('stops generating when the reader leaves the loop', async () => {
    const from = await local()
    for await (const event of from.chat(
      { model: CHAT, messages: [{ role: 'user', content: 'hello' }] },
      context(),
    )) {
      if (event.type === 'text') break
    }
    expect((await ask(from, 'hello', { maxTokens: 2 })).text).toBe('This is')
  })

  it('finishes the load for the next caller when the first one leaves', async () => {
    const from = await local()
    const watched = context()
    const left = failureOf(ask(from, 'hello', {}, watched))
    await becomes(() => watched.progress.length > 0)
    watched.control.abort()
    expect(await left).toMatchObject({ code: 'aborted' })
    await becomes(async () => (await from.models(context())).some((card) => card.state === 'loaded'))
  })

  it('takes a bare name and any case for an installed model', async () => {
    const from = await local()
    for (const model of ['tiny-chat', 'Tiny-Chat', 'OpenMux-Test/TINY-chat']) {
      expect((await ask(from, 'hello', { model, maxTokens: 1 })).start.model).toBe(CHAT)
    }
  })

  it('warns about options it does not know and leaves the answer whole', async () => {
    const answer = await ask(await local(), 'hello', {
      maxTokens: 2,
      providerOptions: { 'hf-local': { beams: 4 } },
      reasoning: 'high',
    })
    expect(answer.start.warnings.map((warning) => warning.option)).toEqual([
      'providerOptions.hf-local.beams',
      'reasoning',
    ])
    expect(answer.text).toBe('This is')
  })
})

describe('a chat that cannot be', () => {
  const picture = { type: 'image' as const, mediaType: 'image/png', base64: 'AAAA' }
  const tool = { name: 'get_weather', parameters: { type: 'object' } }
  it.each([
    [
      'an image',
      { messages: [{ role: 'user' as const, content: [picture] }] },
      'unsupported',
      'messages[0].content[0]',
    ],
    ['tools', { tools: [tool] }, 'unsupported', 'tools'],
    ['forced JSON', { responseFormat: { type: 'json' as const } }, 'unsupported', 'responseFormat'],
    [
      'a tool result',
      { messages: [{ role: 'tool' as const, toolCallId: '1', content: 'x' }] },
      'unsupported',
      'messages[0]',
    ],
    ['no messages', { messages: [] }, 'bad-request', 'messages'],
    ['a negative temperature', { temperature: -1 }, 'bad-request', 'temperature'],
    ['top-p 0', { topP: 0 }, 'bad-request', 'topP'],
    ['half a token', { maxTokens: 0.5 }, 'bad-request', 'maxTokens'],
    ['a seed that is no number', { seed: Number.NaN }, 'bad-request', 'seed'],
    ['an empty stop text', { stop: [''] }, 'bad-request', 'stop[0]'],
    ['an embedding model', { model: EMBED }, 'unsupported', 'model'],
    [
      'a wrong top-k',
      { providerOptions: { 'hf-local': { topK: 0 } } },
      'bad-request',
      'providerOptions.hf-local.topK',
    ],
  ])('%s: a typed error that names the field', async (_what, more, code, field) => {
    expect(await failureOf(ask(await local(), 'hello', more))).toMatchObject({
      code,
      field,
      provider: 'hf-local',
    })
  })

  it('a model that is not there: the nearest names', async () => {
    const error = await failureOf(ask(await local(), 'hello', { model: 'tiny-chad' }))
    expect(error).toMatchObject({ code: 'model-not-found', model: 'tiny-chad' })
    expect(error.hint).toContain(CHAT)
  })

  it('a name that would climb out of the cache: not found, and nothing is touched', async () => {
    for (const model of ['../../etc', 'a/../../b', 'a/b@../../..', 'a//b', 'http://x/y']) {
      expect(await failureOf(ask(await local(), 'hello', { model }))).toMatchObject({
        code: 'model-not-found',
      })
    }
  })

  it('no runtime: the error names the package to install', async () => {
    const from = provider({
      offline: true,
      cacheFolder: await filledCache(),
      runtime: 'transformers-nobody-has',
    })
    const error = await failureOf(ask(from, 'hello'))
    expect(error).toMatchObject({ code: 'needs-setup', scope: 'machine' })
    expect(error.hint).toContain('npm install @huggingface/transformers@^4')
    expect(await from.ready(context())).toMatchObject({ ready: false })
  })

  it('a folder without a model: says what a model folder holds', async () => {
    const error = await failureOf(
      ask(provider({ cacheFolder: await emptyFolder() }), 'hello', { model: await emptyFolder() }),
    )
    expect(error).toMatchObject({ code: 'model-not-found' })
    expect(error.hint).toContain('config.json')
  })
})
