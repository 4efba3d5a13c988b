import { chmod, cp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createOpenMux } from '@openmux/core'
import { tinyModelsFolder } from '@openmux/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { DEFAULT_CHAT_MODEL, type HfLocalOptions, type ModelOptions } from '../src/index.js'
import {
  ask,
  CHAT,
  cleanUp,
  context,
  emptyFolder,
  EMBED,
  failureOf,
  filledCache,
  provider,
  startHub,
} from './support.js'

afterEach(cleanUp)

const NAME = 'openmux-test/packaged'
const SENTENCE = 'a tiny model that comes with this test'
const packaged = (folder = join(tinyModelsFolder(), CHAT)): ModelOptions => ({
  model: folder,
  name: NAME,
  lastResort: SENTENCE,
})
const chat = { task: 'chat' as const, capabilities: [] }

/** A provider with nothing but the packaged model. */
async function alone(more: HfLocalOptions = {}) {
  return provider({ cacheFolder: await emptyFolder(), offline: true, models: [packaged()], ...more })
}

describe('a model that a package brings along', () => {
  it('makes the provider ready although nothing else is there, and says what is missing', async () => {
    const readiness = await (await alone()).ready(context())
    expect(readiness).toMatchObject({
      ready: true,
      detail: `only ${NAME}, ${SENTENCE}: no model is in the cache, and offline mode forbids to fetch one`,
    })
    expect(readiness).toHaveProperty('remedies.0', expect.stringContaining('Turn offline mode off once'))
  })

  it('is shown by its name and not by its path', async () => {
    const from = await alone()
    const cards = await from.models(context())
    expect(cards).toMatchObject([
      { id: NAME, lastResort: SENTENCE, tasks: ['chat'], state: 'installed', free: true },
    ])
    expect(JSON.stringify(cards)).not.toContain(tinyModelsFolder())
    expect(cards[0]?.languages).toBeUndefined()
  })

  it.each([NAME, 'OpenMux-Test/Packaged'])('answers by the name %s, offline', async (model) => {
    const answer = await ask(await alone(), 'hello', { model, maxTokens: 3 })
    expect(answer.start.model).toBe(NAME)
    expect(answer.text).not.toBe('')
  })

  it('answers through OpenMux when nobody else can, marked as what it is', async () => {
    await using openmux = createOpenMux({ providers: [await alone()] })
    expect(await openmux.chat({ prompt: 'hello', maxTokens: 3 })).toMatchObject({
      provider: 'hf-local',
      model: NAME,
      lastResort: SENTENCE,
    })
    const refused = await failureOf(openmux.chat({ prompt: 'hello', task: 'code' }))
    expect(refused.message).toContain('hf-local')
    expect(refused.remedies?.join()).toContain('Turn offline mode off once')
    expect((await failureOf(openmux.embed('hello'))).remedies?.join()).toContain('Turn offline mode off once')
  })

  it('stands behind what is in the cache and behind what would be fetched', async () => {
    const { server } = await startHub()
    const online = { hub: server.url, offline: false, models: [packaged()] }
    const full = provider({ ...online, cacheFolder: await filledCache(), chatModel: DEFAULT_CHAT_MODEL.id })
    expect((await full.recommend(chat, context())).map(({ model }) => model.id)).toEqual([
      CHAT,
      DEFAULT_CHAT_MODEL.id,
      NAME,
    ])
    const empty = await alone(online)
    expect((await empty.recommend(chat, context())).map(({ model }) => model.id)).toEqual([CHAT, NAME])
    expect(await empty.ready(context())).toMatchObject({ ready: true, detail: `will download ${CHAT} first` })
    await using openmux = createOpenMux({ providers: [empty] })
    expect(await openmux.chat({ prompt: 'hello', maxTokens: 2 })).toMatchObject({ model: CHAT })
  })

  it('is all there is while the hub cannot be reached: no download is begun', async () => {
    const from = await alone({ offline: false, hub: 'http://127.0.0.1:9' })
    expect((await from.recommend(chat, context())).map(({ model }) => model.id)).toEqual([NAME])
    await using openmux = createOpenMux({ providers: [from] })
    const { model, attempts } = await openmux.chat({ prompt: 'hello', maxTokens: 2 })
    expect([model, attempts.length]).toEqual([NAME, 1])
  })

  it('answers when a download fails that seemed possible', async () => {
    const { server } = await startHub()
    const from = await alone({
      offline: false,
      hub: server.url,
      fetch: async (url, init) => {
        if (init.method === 'HEAD') return fetch(url, init)
        throw new TypeError('fetch failed', {
          cause: Object.assign(new Error('no route'), { code: 'ENETUNREACH' }),
        })
      },
    })
    await using openmux = createOpenMux({ providers: [from] })
    const { model, lastResort, attempts } = await openmux.chat({ prompt: 'hello', maxTokens: 2 })
    expect([model, lastResort]).toEqual([NAME, SENTENCE])
    expect(attempts[0]).toMatchObject({ model: CHAT, code: 'network' })
  })

  it('makes nothing of the need for vectors', async () => {
    const from = await alone({ offline: false, hub: 'http://127.0.0.1:9' })
    expect(await from.recommend({ task: 'embeddings', capabilities: [] }, context())).toEqual([])
    const other = await alone({ cacheFolder: await filledCache() })
    expect((await other.recommend({ task: 'embeddings', capabilities: [] }, context()))[0]?.model.id).toBe(
      EMBED,
    )
  })

  it('has a folder that is never written to', async () => {
    const folder = join(await emptyFolder(), 'read-only')
    await cp(join(tinyModelsFolder(), CHAT), folder, { recursive: true })
    const before = await readdir(folder, { recursive: true })
    await chmod(folder, 0o555)
    const from = await alone({ models: [packaged(folder)] })
    await ask(from, 'hello', { model: NAME, maxTokens: 2 })
    expect(await failureOf(from.remove(NAME))).toMatchObject({ code: 'unsupported' })
    await from.download(NAME)
    await chmod(folder, 0o755)
    expect(await readdir(folder, { recursive: true })).toEqual(before)
  })
})

describe('a packaged model that cannot be run', () => {
  it('is a typed error, and nothing of its name is fetched from the hub', async () => {
    const { server } = await startHub()
    const from = await alone({ offline: false, hub: server.url, models: [packaged('/nowhere/at/all')] })
    expect(await failureOf(ask(from, 'hello', { model: NAME }))).toMatchObject({ code: 'model-not-found' })
    expect(server.requests()).toEqual([])
    expect((await from.models(context())).map(({ id }) => id)).toEqual([CHAT, EMBED])
  })

  it.each(['onnx/model_quantized.onnx', 'tokenizer.json'])(
    'ends honestly when %s is damaged, or another answers',
    async (file) => {
      const folder = join(await emptyFolder(), 'damaged')
      await cp(join(tinyModelsFolder(), CHAT), folder, { recursive: true })
      await truncate(join(folder, file), 100)
      const broken = await alone({ models: [packaged(folder)] })
      expect(await failureOf(ask(broken, 'hello', { model: NAME }))).toMatchObject({
        code: 'needs-setup',
        scope: 'model',
      })
      await using openmux = createOpenMux({ providers: [broken] })
      const error = await failureOf(openmux.chat('hello'))
      expect(error.attempts).toMatchObject([{ model: NAME, code: 'needs-setup' }])
      expect(error.message).toContain('no model is in the cache')
      const beside = await alone({ models: [packaged(folder)], cacheFolder: await filledCache() })
      await using other = createOpenMux({ providers: [beside] })
      expect(await other.chat({ prompt: 'hello', maxTokens: 2 })).toMatchObject({ model: CHAT })
    },
  )

  it('is a typed error with another version of the runtime, and the next target answers', async () => {
    const other = join(await emptyFolder(), 'transformers-3.mjs')
    const loads = '{ from_pretrained: async () => { throw new Error("reached") } }'
    await writeFile(
      other,
      `export const env = { version: '3.8.1' }\n` +
        ['AutoTokenizer', 'AutoModel', 'AutoModelForCausalLM']
          .map((name) => `export const ${name} = ${loads}\n`)
          .join(''),
    )
    const outdated = await alone({ runtime: pathToFileURL(other).href })
    await using only = createOpenMux({ providers: [outdated] })
    const error = await failureOf(only.chat('hello'))
    expect(error.attempts).toMatchObject([{ code: 'needs-setup' }])
    expect(error.attempts?.[0]?.message).toContain('it is version 3.8.1, and 4 is needed')
    const beside = { ...(await alone({ models: [], cacheFolder: await filledCache() })), id: 'second' }
    await using both = createOpenMux({
      providers: [await alone({ runtime: pathToFileURL(other).href }), beside],
    })
    expect(await both.chat({ prompt: 'hello', maxTokens: 2 })).toMatchObject({
      provider: 'second',
      model: CHAT,
    })
  })

  it('ends honestly without weights or without the runtime', async () => {
    const folder = join(await emptyFolder(), 'empty')
    await cp(join(tinyModelsFolder(), CHAT), folder, { recursive: true })
    await rm(join(folder, 'onnx'), { recursive: true })
    for (const options of [{ models: [packaged(folder)] }, { runtime: '@openmux-test/not-there' }]) {
      await using openmux = createOpenMux({ providers: [await alone(options)] })
      const error = await failureOf(openmux.chat('hello'))
      expect(error.code).toBe('no-candidate')
      expect(error.remedies?.length).toBeGreaterThan(0)
    }
  })
})

it.each([
  [{ model: CHAT, name: NAME }, 'models[0].name'],
  [{ model: '/a', name: '../b' }, 'models[0].name'],
  [{ model: '/a', name: 'a/b@main' }, 'models[0].name'],
  [{ model: '/a', name: '' }, 'models[0].name'],
  [{ model: '/a', lastResort: ' ' }, 'models[0].lastResort'],
])('refuses %j, with the field', (model, field) => {
  expect(() => provider({ models: [model] })).toThrow(expect.objectContaining({ code: 'bad-config', field }))
})
