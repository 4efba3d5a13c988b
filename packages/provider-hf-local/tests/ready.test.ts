import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@openmux/core'
import { tinyModelsFolder } from '@openmux/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDING_MODEL, hfLocal } from '../src/index.js'
import {
  ask,
  CHAT,
  cleanUp,
  context,
  emptyFolder,
  EMBED,
  failureOf,
  filledCache,
  onCleanUp,
  provider,
  startHub,
} from './support.js'

afterEach(cleanUp)

describe('readiness', () => {
  it('ready when a chat model is in the cache, without asking anybody', async () => {
    const { server } = await startHub()
    const from = provider({ hub: server.url, cacheFolder: await filledCache() })
    expect(await from.ready(context())).toEqual({
      ready: true,
      detail: '1 chat and 1 embedding models in the cache',
    })
    expect(server.requests()).toHaveLength(0)
  })

  it('ready with what would be fetched when the hub answers, asked once for many questions', async () => {
    const { server } = await startHub()
    const from = provider({
      hub: server.url,
      cacheFolder: await emptyFolder(),
      chatModel: DEFAULT_CHAT_MODEL.id,
    })
    const answers = await Promise.all([from.ready(context()), from.ready(context()), from.ready(context())])
    expect(answers[0]).toEqual({
      ready: true,
      detail: `will download ${DEFAULT_CHAT_MODEL.id} (about 368 MB) first`,
    })
    expect(server.requests().map((request) => request.method)).toEqual(['HEAD'])
    expect(server.requests()[0]?.headers['authorization']).toBeUndefined()
  })

  it('not ready with three ways out, soon, when the hub never answers', async () => {
    // A hub that takes the connection and is silent.
    const silent = (_url: string, init: RequestInit): Promise<Response> =>
      new Promise((_resolve, reject) =>
        init.signal?.addEventListener('abort', () => reject(new Error('stopped'))),
      )
    const from = provider({ cacheFolder: await emptyFolder(), fetch: silent })
    const start = performance.now()
    const readiness = await from.ready(context())
    // Half a second on a machine with nothing else to do.
    expect(performance.now() - start).toBeLessThan(5_000)
    expect(readiness).toMatchObject({ ready: false })
    if (!readiness.ready) {
      expect(readiness.reason).toContain('huggingface.co')
      expect(readiness.remedies).toHaveLength(3)
      expect(readiness.remedies.join(' ')).not.toMatch(/ollama/i)
    }
  })

  it('when not ready names what would be fetched for embeddings too, not the large chat model alone', async () => {
    const hub = { hub: 'http://127.0.0.1:9', cacheFolder: await emptyFolder() }
    const defaults = { chatModel: DEFAULT_CHAT_MODEL.id, embeddingModel: DEFAULT_EMBEDDING_MODEL.id }
    for (const options of [defaults, { ...defaults, offline: true }]) {
      const readiness = await provider({ ...hub, ...options }).ready(context())
      expect(readiness).toMatchObject({ ready: false })
      if (readiness.ready) continue
      expect(readiness.remedies[0]).toContain(
        'HuggingFaceTB/SmolLM2-360M-Instruct (about 368 MB) for chat, Xenova/all-MiniLM-L6-v2 (about 24 MB) for embeddings',
      )
    }
  })

  it('when the runtime is missing says how to install it, and sends nobody to another provider', async () => {
    const readiness = await provider({ runtime: '@openmux-test/not-there' }).ready(context())
    expect(readiness).toMatchObject({ ready: false, remedies: [expect.stringContaining('npm install')] })
    expect(JSON.stringify(readiness)).not.toMatch(/ollama/i)
  })

  it('not ready when offline with an empty cache, and nothing is asked', async () => {
    const { server } = await startHub()
    for (const options of [
      { offline: true },
      { environment: { OPENMUX_OFFLINE: '1' } },
      { environment: { HF_HUB_OFFLINE: 'true' } },
    ]) {
      const from = provider({ hub: server.url, cacheFolder: await emptyFolder(), ...options })
      const readiness = await from.ready(context())
      expect(readiness).toMatchObject({ ready: false })
      if (!readiness.ready) expect(readiness.remedies).toHaveLength(3)
      expect(from.hosts).toEqual([])
      expect(await failureOf(ask(from, 'hello'))).toMatchObject({ code: 'needs-setup' })
      expect(await failureOf(from.download(CHAT))).toMatchObject({ code: 'needs-setup' })
      expect(await from.models(context())).toEqual([])
    }
    expect(server.requests()).toHaveLength(0)
  })

  it('tells a caller who left', async () => {
    const watched = context()
    watched.control.abort()
    expect(await failureOf(provider({ cacheFolder: await emptyFolder() }).ready(watched))).toMatchObject({
      code: 'aborted',
    })
  })

  it('finds the cache where the environment says', async () => {
    const root = await emptyFolder()
    const from = hfLocal({ environment: { OPENMUX_CACHE: root } })
    onCleanUp(() => from.close())
    expect(from.cacheFolder).toBe(join(root, 'models'))
  })
})

describe('models', () => {
  it('are those on disk with what is known of them, and the defaults to be fetched', async () => {
    const from = provider({
      cacheFolder: await filledCache(),
      chatModel: DEFAULT_CHAT_MODEL.id,
      embeddingModel: DEFAULT_EMBEDDING_MODEL.id,
    })
    const cards = await from.models(context())
    expect(cards.map((card) => [card.id, card.state])).toEqual([
      [CHAT, 'installed'],
      [EMBED, 'installed'],
      [DEFAULT_CHAT_MODEL.id, 'downloadable'],
      [DEFAULT_EMBEDDING_MODEL.id, 'downloadable'],
    ])
    expect(cards[0]).toMatchObject({
      tasks: ['chat', 'code'],
      contextTokens: 512,
      free: true,
      quantization: 'q8',
    })
    expect(cards[0]?.sizeBytes).toBeGreaterThan(10_000)
    expect(cards[1]).toMatchObject({ tasks: ['embeddings'], space: { dimensions: 32, pooling: 'mean' } })
  })

  it('are marked as loaded while they are', async () => {
    const from = provider({
      offline: true,
      cacheFolder: await emptyFolder(),
      modelFolders: [tinyModelsFolder()],
    })
    const state = async (): Promise<string | undefined> =>
      (await from.models(context())).find((card) => card.id === CHAT)?.state
    expect(await state()).toBe('installed')
    await ask(from, 'hello', { maxTokens: 1 })
    expect(await state()).toBe('loaded')
  })

  it('are recommended from the cache first, loaded ones before, with the reason', async () => {
    const from = provider({ cacheFolder: await filledCache(), chatModel: DEFAULT_CHAT_MODEL.id })
    const need = { task: 'chat' as const, capabilities: ['streaming' as const] }
    const cold = await from.recommend(need, context())
    expect(cold.map((choice) => choice.model.id)).toEqual([CHAT, DEFAULT_CHAT_MODEL.id])
    expect(cold[0]?.reason).toMatch(/in the cache/)
    expect(cold[1]?.reason).toBe('the default, downloaded first (368 MB)')
    await ask(from, 'hello', { maxTokens: 1 })
    expect((await from.recommend(need, context()))[0]?.reason).toBe('loaded already')
    expect(await from.recommend({ task: 'chat', capabilities: ['tools'] }, context())).toEqual([])
    expect(
      (await from.recommend({ task: 'embeddings', capabilities: [] }, context())).map(
        (choice) => choice.model.id,
      ),
    ).toEqual([EMBED])
  })

  it('appear and disappear with their folders', async () => {
    const cacheFolder = await filledCache()
    const from = provider({ offline: true, cacheFolder })
    await rm(join(cacheFolder, CHAT), { recursive: true })
    expect(
      (await from.models({ signal: new AbortController().signal, clock: systemClock })).map(
        (card) => card.id,
      ),
    ).toEqual([EMBED])
  })
})
