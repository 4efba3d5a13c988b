import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@openmux/core'
import { tinyChatModel } from '@openmux/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { sha256 } from '../src/cache/integrity.js'
import {
  ask,
  becomes,
  CHAT,
  cleanUp,
  context,
  emptyFolder,
  EMBED,
  failureOf,
  onCleanUp,
  provider,
  startHub,
} from './support.js'

afterEach(cleanUp)

const WEIGHTS = 'onnx/model_quantized.onnx'

async function parts(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names.filter((name) => name.endsWith('.part'))
}

async function sizesOfParts(folder: string): Promise<number[]> {
  const names = await parts(folder)
  const sizes = names.map(async (name) => {
    try {
      return (await stat(join(folder, name))).size
    } catch {
      // Complete in the meantime, and renamed.
      return 0
    }
  })
  return Promise.all(sizes)
}

describe('a model that must be fetched first', () => {
  it('is fetched whole into the cache, with progress in bytes, and answers', async () => {
    const { server, storage } = await startHub()
    const cacheFolder = await emptyFolder()
    const watched = context()
    const from = provider({ hub: server.url, cacheFolder })
    const answer = await ask(from, 'hello', { maxTokens: 3 }, watched)
    expect(answer.text).toBe('This is a')
    const news = watched.progress.flatMap((progress) => (progress.kind === 'download' ? [progress] : []))
    expect(news.at(0)).toMatchObject({ model: CHAT, done: false })
    expect(news.at(-1)).toMatchObject({ done: true })
    expect(news.at(-1)?.loadedBytes).toBe(news.at(-1)?.totalBytes)
    for (const [place, progress] of news.entries()) {
      expect(progress.totalBytes).toBe(news[0]?.totalBytes)
      expect(progress.loadedBytes).toBeGreaterThanOrEqual(news[place - 1]?.loadedBytes ?? 0)
    }
    expect(await sha256(join(cacheFolder, CHAT, WEIGHTS))).toBe(
      await sha256(join(tinyChatModel().folder, WEIGHTS)),
    )
    expect(await parts(cacheFolder)).toEqual([])
    // Only what is needed: not the other form of the weights, no model card.
    expect(existsSync(join(cacheFolder, CHAT, 'onnx/model.onnx'))).toBe(false)
    expect(existsSync(join(cacheFolder, CHAT, 'README.md'))).toBe(false)
    const asked = server.requests().length + storage.requests().length
    await ask(from, 'hello', { maxTokens: 1 })
    expect(server.requests().length + storage.requests().length).toBe(asked)
  })

  it('is known by its commit afterwards', async () => {
    const { server } = await startHub()
    const from = provider({ hub: server.url, cacheFolder: await emptyFolder() })
    const { space } = await from.embed({ model: EMBED, inputs: ['hello'] }, context())
    expect(space.revision).toMatch(/^[0-9a-f]{40}$/)
    expect((await from.models(context())).find((card) => card.id === EMBED)?.space).toEqual(space)
  })

  it('can be fetched at a commit, beside its main revision', async () => {
    const { server } = await startHub()
    const from = provider({ hub: server.url, cacheFolder: await emptyFolder() })
    await from.download(CHAT)
    const manifest = JSON.parse(await readFile(join(from.cacheFolder, CHAT, '.openmux.json'), 'utf8')) as {
      commit: string
    }
    const pinned = `${CHAT}@${manifest.commit}`
    expect((await ask(from, 'hello', { model: pinned, maxTokens: 1 })).start.model).toBe(pinned)
    expect(
      (await from.models(context())).filter((card) => card.state !== 'downloadable').map((card) => card.id),
    ).toEqual([CHAT, pinned])
    expect(await failureOf(from.download(`${CHAT}@no-such-branch`))).toMatchObject({
      code: 'model-not-found',
    })
  })

  it('goes on where a cut connection stopped, and asks for the rest only', async () => {
    const { hub, server, storage } = await startHub()
    const cacheFolder = await emptyFolder()
    // Sends so much, and breaks when the disk has it.
    const cutAt = (end: number, start: number): void => {
      let sent = start
      const gate = async (): Promise<void> => {
        if (sent >= end) {
          await becomes(async () => (await sizesOfParts(cacheFolder)).includes(end))
          throw new Error('cut')
        }
        sent += 10_000
      }
      hub.fail({ path: WEIGHTS, fault: { kind: 'slow', pieceBytes: 10_000, gate } })
    }
    cutAt(30_000, 0)
    cutAt(50_000, 30_000)
    const from = provider({ hub: server.url, cacheFolder })
    expect((await ask(from, 'hello', { maxTokens: 1 })).text).toBe('This')
    const ranges = storage.requests().map((request) => request.headers['range'])
    expect(ranges).toEqual([undefined, 'bytes=30000-', 'bytes=50000-'])
  })

  it('goes on in a later process where an earlier one was interrupted', async () => {
    const { hub, server, storage } = await startHub()
    const cacheFolder = await emptyFolder()
    const never = new Promise<void>(() => undefined)
    let pieces = 0
    hub.fail({
      path: WEIGHTS,
      fault: { kind: 'slow', pieceBytes: 10_000, gate: () => (pieces++ < 3 ? Promise.resolve() : never) },
    })
    const first = provider({ hub: server.url, cacheFolder })
    const stop = new AbortController()
    const work = failureOf(first.download(CHAT, { signal: stop.signal }))
    await becomes(async () => (await sizesOfParts(cacheFolder)).includes(30_000))
    stop.abort()
    expect(await work).toMatchObject({ code: 'aborted' })
    await becomes(() => !existsSync(join(cacheFolder, CHAT, '.openmux.lock')))
    expect((await first.models(context())).find((card) => card.id === CHAT)?.state).toBe('downloadable')
    const second = provider({ hub: server.url, cacheFolder })
    expect((await ask(second, 'hello', { maxTokens: 1 })).text).toBe('This')
    expect(storage.requests().map((request) => request.headers['range'])).toEqual([undefined, 'bytes=30000-'])
  })

  it('starts a file again when the server knows no ranges', async () => {
    const { hub, server } = await startHub()
    hub.fail({ path: WEIGHTS, fault: { kind: 'cut', afterBytes: 30_000 } })
    hub.fail({ path: WEIGHTS, fault: { kind: 'no-ranges' } })
    expect(
      (await ask(provider({ hub: server.url, cacheFolder: await emptyFolder() }), 'hello', { maxTokens: 1 }))
        .text,
    ).toBe('This')
  })

  it('is fetched again when bytes arrived that are not the announced ones, and given up the second time', async () => {
    const { hub, server } = await startHub()
    hub.fail({ path: WEIGHTS, fault: { kind: 'corrupt' } })
    expect(
      (await ask(provider({ hub: server.url, cacheFolder: await emptyFolder() }), 'hello', { maxTokens: 1 }))
        .text,
    ).toBe('This')
    hub.fail({ path: 'tokenizer.json', fault: { kind: 'corrupt' }, times: 2 })
    const error = await failureOf(
      ask(provider({ hub: server.url, cacheFolder: await emptyFolder() }), 'hello'),
    )
    expect(error).toMatchObject({ code: 'bad-response', model: CHAT })
    expect(error.message).toContain('tokenizer.json')
  })

  it('is fetched once for all who wait, and goes on while one of them waits', async () => {
    const { server, storage } = await startHub()
    const from = provider({ hub: server.url, cacheFolder: await emptyFolder() })
    const leaving = context()
    const left = failureOf(ask(from, 'hello', {}, leaving))
    const others = [ask(from, 'hello', { maxTokens: 1 }), ask(from, 'hello', { maxTokens: 1 })]
    await becomes(() => server.requests().length > 0)
    leaving.control.abort()
    expect(await left).toMatchObject({ code: 'aborted' })
    expect((await Promise.all(others)).map((answer) => answer.text)).toEqual(['This', 'This'])
    expect(storage.requests()).toHaveLength(1)
  })

  it('is fetched by one process at a time, and a dead process does not block the next', async () => {
    const { server } = await startHub()
    const cacheFolder = await emptyFolder()
    const lock = join(cacheFolder, CHAT, '.openmux.lock')
    await mkdir(join(cacheFolder, CHAT), { recursive: true })
    // A process that lives, on this machine, holds the lock …
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    onCleanUp(async () => holder.kill())
    await writeFile(lock, JSON.stringify({ pid: holder.pid, host: hostname() }))
    let looks = 0
    const clock = {
      ...systemClock,
      after(delayMs: number, run: () => void) {
        looks++
        return systemClock.after(delayMs, run)
      },
    }
    const from = provider({ hub: server.url, cacheFolder, clock })
    const work = ask(from, 'hello', { maxTokens: 1 })
    await becomes(() => looks >= 3)
    expect(server.requests()).toHaveLength(0)
    // … and dies.
    holder.kill('SIGKILL')
    expect((await work).text).toBe('This')
    expect(existsSync(lock)).toBe(false)
  })

  it('gives its token to the hub and to no other host, and shows it nowhere', async () => {
    const token = 'hf_TestTokenThatMustNotLeak'
    const { hub, server, storage } = await startHub({ token, privateModels: [CHAT] })
    hub.fail({ path: '/api/models/', fault: { kind: 'status', status: 418 } })
    const from = provider({ hub: server.url, token, cacheFolder: await emptyFolder() })
    const error = await failureOf(from.download(CHAT))
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain(token)
    await from.download(CHAT)
    expect(server.requests().every((request) => request.headers['authorization'] === `Bearer ${token}`)).toBe(
      true,
    )
    expect(storage.requests().length).toBeGreaterThan(0)
    expect(storage.requests().some((request) => 'authorization' in request.headers)).toBe(false)
  })

  it('does not show the hub a key of another service', async () => {
    const key = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`
    const { server } = await startHub()
    const from = provider({
      hub: server.url,
      environment: { HF_TOKEN: key },
      cacheFolder: await emptyFolder(),
    })
    await from.download(CHAT)
    expect(server.requests().length).toBeGreaterThan(0)
    expect(server.requests().some((request) => 'authorization' in request.headers)).toBe(false)
    expect(() => provider({ token: key })).toThrow(
      expect.objectContaining({ code: 'bad-config', message: expect.not.stringContaining(key) }),
    )
  })

  it('waits and tries again when the hub is in trouble, but not for long', async () => {
    const { hub, server } = await startHub()
    hub.fail({ path: WEIGHTS, fault: { kind: 'status', status: 503 } })
    // The pauses between attempts are not waited for.
    const clock = {
      ...systemClock,
      after: (delayMs: number, run: () => void) => systemClock.after(delayMs < 10_000 ? 0 : delayMs, run),
    }
    const from = provider({ hub: server.url, cacheFolder: await emptyFolder(), clock })
    expect((await ask(from, 'hello', { maxTokens: 1 })).text).toBe('This')
    hub.fail({ path: '1_Pooling', fault: { kind: 'status', status: 503 }, times: 100 })
    expect(await failureOf(from.download(EMBED))).toMatchObject({ code: 'unavailable', scope: 'endpoint' })
    expect(server.requests().filter((request) => request.path.includes('1_Pooling'))).toHaveLength(4)
  })

  it.each([
    ['a model nobody has', {}, 'openmux-test/nothing', 'model-not-found', /private/],
    ['a private model without token', { privateModels: [CHAT] }, CHAT, 'model-not-found', /HF_TOKEN/],
    [
      'a model whose terms were not accepted',
      { gatedModels: [CHAT] },
      CHAT,
      'needs-setup',
      /Accept the terms at .*tiny-chat/,
    ],
  ])('%s: a typed error with the way out', async (_what, options, model, code, hint) => {
    const { server } = await startHub(options)
    const error = await failureOf(
      provider({ hub: server.url, cacheFolder: await emptyFolder() }).download(model),
    )
    expect(error).toMatchObject({ code, model })
    expect(`${error.message} ${error.hint}`).toMatch(hint)
  })

  it('a wrong token, and too many requests: typed, with the moment when it may work again', async () => {
    const { hub, server } = await startHub({ token: 'right-one' })
    const cacheFolder = await emptyFolder()
    expect(
      await failureOf(provider({ hub: server.url, cacheFolder, token: 'wrong-one' }).download(CHAT)),
    ).toMatchObject({ code: 'auth' })
    hub.fail({
      path: '/api/models/',
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
    })
    const before = Date.now()
    const error = await failureOf(provider({ hub: server.url, cacheFolder }).download(CHAT))
    expect(error.code).toBe('rate-limit')
    expect(Number(error.until) - before).toBeGreaterThanOrEqual(7_000)
    expect(Number(error.until) - before).toBeLessThan(9_000)
  })

  it('a repository without weights of the dtype: says which ones there are', async () => {
    const { server } = await startHub()
    const error = await failureOf(
      provider({ hub: server.url, cacheFolder: await emptyFolder(), dtype: 'q4' }).download(CHAT),
    )
    expect(error).toMatchObject({ code: 'unsupported', model: CHAT })
    expect(error.message).toContain('fp32, q8')
  })

  it('a second dtype is fetched beside the first', async () => {
    const { server, storage } = await startHub()
    const cacheFolder = await emptyFolder()
    await provider({ hub: server.url, cacheFolder }).download(CHAT)
    await provider({ hub: server.url, cacheFolder, dtype: 'fp32' }).download(CHAT)
    expect(storage.requests()).toHaveLength(2)
    const manifest = await readFile(join(cacheFolder, CHAT, '.openmux.json'), 'utf8')
    expect(manifest).toContain('model.onnx')
    expect(manifest).toContain('model_quantized.onnx')
  })

  it('nobody at the address of the hub: a typed error that names it', async () => {
    const { server } = await startHub()
    await server.close()
    const error = await failureOf(
      provider({ hub: server.url, cacheFolder: await emptyFolder() }).download(CHAT),
    )
    expect(error).toMatchObject({ code: 'network', model: CHAT })
    expect(error.message).toContain(server.host)
  })

  it('a server that is no hub: a typed error that names the setting', async () => {
    const from = provider({
      hub: 'http://127.0.0.1:1',
      cacheFolder: await emptyFolder(),
      fetch: async () => new Response('<html>hello</html>'),
    })
    const error = await failureOf(from.download(CHAT))
    expect(error.code).toBe('bad-response')
    expect(error.hint).toContain('HF_ENDPOINT')
  })

  it('removes a model from the cache, and only from there', async () => {
    const { server } = await startHub()
    const cacheFolder = await emptyFolder()
    const from = provider({ hub: server.url, cacheFolder, models: [tinyChatModel().folder] })
    await ask(from, 'hello', { maxTokens: 1, model: CHAT })
    expect(await from.remove(CHAT)).toBe(true)
    expect(existsSync(join(cacheFolder, CHAT))).toBe(false)
    expect(await from.remove(CHAT)).toBe(false)
    expect(await failureOf(from.remove(tinyChatModel().folder))).toMatchObject({ code: 'unsupported' })
    expect(existsSync(tinyChatModel().folder)).toBe(true)
  })
})

describe('a disk that does not take the model', () => {
  it.skipIf(!existsSync('/dev/full'))('full: says so, and what to do', async () => {
    const { server } = await startHub()
    const cacheFolder = await emptyFolder()
    const hash = await sha256(join(tinyChatModel().folder, WEIGHTS))
    await mkdir(join(cacheFolder, CHAT, 'onnx'), { recursive: true })
    // Writing there fails with the real ENOSPC of the system.
    await symlink('/dev/full', join(cacheFolder, CHAT, `${WEIGHTS}.${hash.slice(0, 16)}.part`))
    const error = await failureOf(ask(provider({ hub: server.url, cacheFolder }), 'hello'))
    expect(error).toMatchObject({ code: 'needs-setup', scope: 'machine' })
    expect(error.message).toContain('full')
    expect(error.hint).toContain('OPENMUX_CACHE')
  })

  it.skipIf(!existsSync('/sys'))('read-only: says so, and what to do', async () => {
    const { server } = await startHub()
    const from = provider({ hub: server.url, cacheFolder: '/sys/openmux-models' })
    const error = await failureOf(from.download(CHAT))
    expect(error).toMatchObject({ code: 'needs-setup', scope: 'machine' })
    expect(error.message).toContain('/sys/openmux-models')
    expect(error.hint).toContain('cacheFolder')
  })

  it('a file where the folder should be: says so', async () => {
    const { server } = await startHub()
    const file = join(await emptyFolder(), 'file')
    await writeFile(file, '')
    expect(
      await failureOf(provider({ hub: server.url, cacheFolder: join(file, 'models') }).download(CHAT)),
    ).toMatchObject({
      code: 'needs-setup',
      scope: 'machine',
    })
  })
})
