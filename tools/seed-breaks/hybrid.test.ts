import { createOpenMux, embeddingSpaceId, isOpenMuxError } from '@openmux/core'
import { type StatedSpace, stateSpaces } from '@openmux/core/embeddings'
import { hfLocal } from '@openmux/provider-hf-local'
import { hfRemote } from '@openmux/provider-hf-remote'
import { tinyModelsFolder } from '@openmux/testkit'
import { hfError } from '@openmux/testkit/hf-remote'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { MODELS, startBackEnds, TINY, TINY_AT_HOME, TOKEN } from './back-ends.ts'
import { demandTableRows } from './table.ts'

// Hugging Face hosted and Hugging Face in the process, in one line: either may go first.

const ends = await startBackEnds()
afterEach(() => ends.reset())
afterAll(() => ends.close())

/** Makes both hosted tasks fail. */
function creditsGone(): void {
  ends.hf.refuse('chat', hfError('402 monthly credits depleted'))
  ends.hf.refuse('embeddings', hfError('402 monthly credits depleted'))
}

describe('hosted first, the same family in the process behind it', () => {
  const prefer = [`hf-remote/${MODELS.remoteChat}`, `hf-local/${MODELS.tinyChat}`]

  it('the hosted model answers while it can', async () => {
    const mux = createOpenMux({ providers: [ends.remote(), ends.local], prefer })
    expect(await mux.chat('Hello')).toMatchObject({ provider: 'hf-remote', model: MODELS.remoteChat })
  })

  it('the named local one answers when the credits are gone, at once', async () => {
    creditsGone()
    const mux = createOpenMux({ providers: [ends.remote(), ends.local], prefer })
    const answer = await mux.chat({ prompt: 'Hello', maxTokens: 8 })
    expect(answer).toMatchObject({ provider: 'hf-local', model: MODELS.tinyChat })
    expect(answer.attempts.map(({ code }) => code)).toEqual(['credits', undefined])
  })

  it('without a token nothing is sent, and the local one answers', async () => {
    const remote = hfRemote({ baseURL: ends.hfServer.url, hubURL: ends.hfServer.url, environment: {} })
    const mux = createOpenMux({ providers: [remote, ends.local], prefer })
    expect((await mux.chat({ prompt: 'Hello', maxTokens: 8 })).provider).toBe('hf-local')
    expect(ends.hfServer.requests()).toEqual([])
    await remote.close()
  })

  it('a stream starts at the local one, and nobody sees the failure', async () => {
    creditsGone()
    const mux = createOpenMux({ providers: [ends.remote(), ends.local], prefer })
    const stream = mux.stream({ prompt: 'Hello', maxTokens: 8 })
    let text = ''
    for await (const piece of stream.textStream()) text += piece
    expect(text).not.toBe('')
    expect((await stream.result()).provider).toBe('hf-local')
  })
})

describe('in the process first, hosted behind it', () => {
  const prefer = [`hf-local/${MODELS.tinyChat}`, `hf-remote/${MODELS.remoteChat}`]

  it('the local model answers, and nothing leaves the machine', async () => {
    const mux = createOpenMux({ providers: [ends.local, ends.remote()], prefer })
    expect((await mux.chat({ prompt: 'Hello', maxTokens: 8 })).provider).toBe('hf-local')
    expect(ends.hfServer.requests()).toEqual([])
  })

  it('the hosted one takes what the local one cannot: tools', async () => {
    const mux = createOpenMux({ providers: [ends.local, ends.remote()], prefer })
    const tools = [{ name: 'weather', parameters: { type: 'object' } }] as const
    expect((await mux.chat({ prompt: 'Hello', tools })).provider).toBe('hf-remote')
  })

  it('the hosted one takes what does not fit into the local window', async () => {
    const mux = createOpenMux({ providers: [ends.local, ends.remote()], prefer })
    const answer = await mux.chat('a long story '.repeat(2_000))
    expect(answer.provider).toBe('hf-remote')
  })

  it('a request that must stay here never goes there', async () => {
    const mux = createOpenMux({ providers: [ends.local, ends.remote()], prefer })
    const tools = [{ name: 'weather', parameters: { type: 'object' } }] as const
    const error: unknown = await mux
      .chat({ prompt: 'Hello', tools, localOnly: true })
      .catch((thrown: unknown) => thrown)
    expect(isOpenMuxError(error) && error.code).toBe('no-candidate')
    expect(ends.hfServer.requests()).toEqual([])
  })
})

describe('embeddings', () => {
  const prefer = [`hf-remote/${MODELS.tinyEmbed}`, `hf-local/${MODELS.tinyEmbed}`]

  it('do not fall back between the two by themselves: nobody tells that their weights are the same', async () => {
    creditsGone()
    const mux = createOpenMux({ providers: [ends.remote(), ends.local], prefer })
    const error: unknown = await mux.embed('Hello').catch((thrown: unknown) => thrown)
    expect(isOpenMuxError(error) && error.code).toBe('credits')
  })

  it('fall back where the user states that they share a space', async () => {
    creditsGone()
    const mux = createOpenMux({
      providers: [ends.remote(), ends.local],
      prefer,
      spaces: stateSpaces(TINY_AT_HOME),
    })
    const result = await mux.embed('Hello')
    expect(result.provider).toBe('hf-local')
    expect(embeddingSpaceId(result.space)).toBe(embeddingSpaceId(TINY))
  })

  it('fall back the other way round', async () => {
    const away = hfLocal({
      cacheFolder: tinyModelsFolder(),
      runtime: 'no-such-runtime',
      offline: true,
      environment: {},
    })
    const mux = createOpenMux({
      providers: [away, ends.remote()],
      prefer: prefer.toReversed(),
      spaces: stateSpaces(TINY_AT_HOME),
    })
    const result = await mux.embed({ input: 'Hello', space: TINY })
    expect(result).toMatchObject({ provider: 'hf-remote', space: TINY })
    await away.close()
  })

  it('do not fall back where what is stated is contradicted by the files of the local model', async () => {
    creditsGone()
    const wrong: readonly StatedSpace[] = [
      { space: { ...TINY, dimensions: 384 }, models: TINY_AT_HOME[0]?.models ?? [] },
    ]
    const mux = createOpenMux({ providers: [ends.remote(), ends.local], prefer, spaces: stateSpaces(wrong) })
    const error: unknown = await mux.embed('Hello').catch((thrown: unknown) => thrown)
    expect(isOpenMuxError(error) && error.code).toBe('credits')
  })
})

it('the token is in no request to anybody else, and in no result', async () => {
  creditsGone()
  const mux = createOpenMux({ providers: [ends.remote(), ends.ollama(), ends.local] })
  const answer = await mux.chat({ prompt: 'Hello', prefer: [`hf-remote/${MODELS.remoteChat}`, 'ollama'] })
  expect(answer.provider).toBe('ollama')
  expect(JSON.stringify(answer)).not.toContain(TOKEN)
  expect(JSON.stringify(ends.ollamaServer.requests())).not.toContain(TOKEN)
})

it('every row of the document about this file is a test that ran', ({ task }) => demandTableRows(task))
