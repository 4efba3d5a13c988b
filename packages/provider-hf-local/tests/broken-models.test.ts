import { existsSync } from 'node:fs'
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tinyChatModel } from '@openmux/testkit'
import { afterEach, describe, expect, it } from 'vitest'
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

const WEIGHTS = join(CHAT, 'onnx/model_quantized.onnx')

/** A cache filled by a real download, so that it has a manifest. */
async function downloaded(): Promise<{ cacheFolder: string; hub: string; storageAsked: () => number }> {
  const { server, storage } = await startHub()
  const cacheFolder = await emptyFolder()
  await provider({ hub: server.url, cacheFolder }).download(CHAT)
  return { cacheFolder, hub: server.url, storageAsked: () => storage.requests().length }
}

/** Changes bytes in the middle of a file and leaves its size. */
async function spoil(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes.fill(0xff, 0, 2_000)
  await writeFile(path, bytes)
}

describe('a downloaded model that was damaged', () => {
  it('by a cut file: is repaired when the hub can be reached', async () => {
    const { cacheFolder, hub, storageAsked } = await downloaded()
    await truncate(join(cacheFolder, WEIGHTS), 40_000)
    expect((await ask(provider({ hub, cacheFolder }), 'hello', { maxTokens: 1 })).text).toBe('This')
    expect(storageAsked()).toBe(2)
  })

  it('by a missing file: is repaired, and nothing else is fetched again', async () => {
    const { cacheFolder, hub, storageAsked } = await downloaded()
    await rm(join(cacheFolder, CHAT, 'tokenizer.json'))
    expect((await ask(provider({ hub, cacheFolder }), 'hello', { maxTokens: 1 })).text).toBe('This')
    expect(storageAsked()).toBe(1)
  })

  it('by other bytes of the same size: is found out when it cannot be loaded, and repaired', async () => {
    const { cacheFolder, hub, storageAsked } = await downloaded()
    await spoil(join(cacheFolder, WEIGHTS))
    expect((await ask(provider({ hub, cacheFolder }), 'hello', { maxTokens: 1 })).text).toBe('This')
    expect(storageAsked()).toBe(2)
  })

  it('offline: is explained', async () => {
    const { cacheFolder } = await downloaded()
    await spoil(join(cacheFolder, WEIGHTS))
    const spoilt = await failureOf(ask(provider({ offline: true, cacheFolder }), 'hello'))
    expect(spoilt).toMatchObject({ code: 'needs-setup', model: CHAT, scope: 'model' })
    expect(spoilt.message).toContain('model_quantized.onnx')
    await truncate(join(cacheFolder, WEIGHTS), 40_000)
    const cut = await failureOf(ask(provider({ offline: true, cacheFolder }), 'hello'))
    expect(cut).toMatchObject({ code: 'needs-setup', model: CHAT })
    expect(cut.message).toContain('incomplete')
    expect(cut.hint).toContain(join(cacheFolder, CHAT))
  })

  it('while the hub is away: says that the hub cannot be reached', async () => {
    const { server } = await startHub()
    const cacheFolder = await emptyFolder()
    await provider({ hub: server.url, cacheFolder }).download(CHAT)
    await rm(join(cacheFolder, WEIGHTS))
    await server.close()
    expect(await failureOf(ask(provider({ hub: server.url, cacheFolder }), 'hello'))).toMatchObject({
      code: 'network',
    })
  })
})

describe('a model copied by hand', () => {
  it('with spoilt weights: is explained, and another model still answers', async () => {
    const cacheFolder = await filledCache()
    await spoil(join(cacheFolder, WEIGHTS))
    const from = provider({ offline: true, cacheFolder })
    const error = await failureOf(ask(from, 'hello'))
    expect(error).toMatchObject({ code: 'needs-setup', model: CHAT, scope: 'model' })
    expect(error.hint).toContain('download it again')
    expect((await from.embed({ model: EMBED, inputs: ['hello'] }, context())).vectors).toHaveLength(1)
  })

  it('with a spoilt tokenizer: is explained', async () => {
    const cacheFolder = await filledCache()
    await writeFile(join(cacheFolder, CHAT, 'tokenizer.json'), '{"version":')
    expect(await failureOf(ask(provider({ offline: true, cacheFolder }), 'hello'))).toMatchObject({
      code: 'needs-setup',
      model: CHAT,
    })
  })

  it('without the external data its config announces: is not taken for whole, and does not hang', async () => {
    const cacheFolder = await filledCache()
    const file = join(cacheFolder, CHAT, 'config.json')
    const config = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(
      file,
      JSON.stringify({ ...config, 'transformers.js_config': { use_external_data_format: 1 } }),
    )
    const from = provider({ offline: true, cacheFolder })
    expect(await failureOf(ask(from, 'hello'))).toMatchObject({ code: 'needs-setup', model: CHAT })
    expect((await from.models(context())).map((card) => card.id)).not.toContain(CHAT)
  })

  it('can be repaired by copying it again, without a new provider', async () => {
    const cacheFolder = await filledCache()
    await spoil(join(cacheFolder, WEIGHTS))
    const from = provider({ offline: true, cacheFolder })
    await failureOf(ask(from, 'hello'))
    await cp(tinyChatModel().folder, join(cacheFolder, CHAT), { recursive: true, force: true })
    expect((await ask(from, 'hello', { maxTokens: 1 })).text).toBe('This')
  })

  it('without a chat template: a plain dialogue, and a warning', async () => {
    const cacheFolder = await filledCache()
    const file = join(cacheFolder, CHAT, 'tokenizer_config.json')
    const { chat_template: _, ...config } = JSON.parse(await readFile(file, 'utf8')) as {
      chat_template: string
    }
    await writeFile(file, JSON.stringify(config))
    const answer = await ask(provider({ offline: true, cacheFolder }), 'hello', { maxTokens: 8 })
    expect(answer.start.warnings).toMatchObject([{ kind: 'notice' }])
    expect(answer.text).not.toBe('')
  })

  it('with its template in a file of its own: that one is used', async () => {
    const cacheFolder = await filledCache()
    const template =
      "{%- for m in messages -%}{{ '<|user|>' + m.content }}{%- endfor -%}{{ ' briefly<|assistant|>' }}"
    await writeFile(join(cacheFolder, CHAT, 'chat_template.jinja'), template)
    expect((await ask(provider({ offline: true, cacheFolder }), 'hello')).finish.rawReason).toBe('eos')
  })

  it('whose template knows no system message: its text goes before the question', async () => {
    const cacheFolder = await filledCache()
    const template =
      "{%- for m in messages -%}{%- if m.role == 'system' -%}{{ raise_exception('no system here') }}{%- endif -%}{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}{%- endfor -%}{{ '<|assistant|>' }}"
    await writeFile(join(cacheFolder, CHAT, 'chat_template.jinja'), template)
    const from = provider({ offline: true, cacheFolder })
    const messages = [
      { role: 'system' as const, content: 'Answer briefly' },
      { role: 'user' as const, content: 'hello' },
    ]
    const answer = await ask(from, '', { messages })
    expect(answer.finish.rawReason).toBe('eos')
    expect(answer.start.warnings).toMatchObject([{ kind: 'notice' }])
  })

  it('whose template refuses the conversation: `unsupported` with its words', async () => {
    const cacheFolder = await filledCache()
    await writeFile(
      join(cacheFolder, CHAT, 'chat_template.jinja'),
      "{{ raise_exception('roles must alternate') }}",
    )
    const error = await failureOf(ask(provider({ offline: true, cacheFolder }), 'hello'))
    expect(error).toMatchObject({ code: 'unsupported', field: 'messages' })
    expect(error.message).toContain('roles must alternate')
  })

  it('in a folder of its own, named by its path or listed: answers from there', async () => {
    const { folder } = tinyChatModel()
    const from = provider({ offline: true, cacheFolder: await emptyFolder(), models: [folder] })
    expect((await from.models(context())).map((card) => [card.id, card.state])).toEqual([
      [folder, 'installed'],
    ])
    expect((await ask(from, 'hello', { model: folder, maxTokens: 1 })).start.model).toBe(folder)
    expect(existsSync(join(folder, '.openmux.lock'))).toBe(false)
  })
})
