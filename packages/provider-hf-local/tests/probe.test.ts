import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProbeCheck, ProbeVerdict } from '@openmux/core'
import { afterEach, describe, expect, it } from 'vitest'
import type { HfLocalProvider } from '../src/index.js'
import { cleanUp, context, emptyFolder, filledCache, provider, startHub } from './support.js'

afterEach(cleanUp)

const TOKEN = 'hf_canaryCANARYcanary4711'

async function probed(from: HfLocalProvider, spend = false): Promise<readonly ProbeCheck[]> {
  return (await from.probe?.({ spend }, context())) ?? []
}

function verdicts(checks: readonly ProbeCheck[]): Readonly<Record<string, ProbeVerdict>> {
  return Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]))
}

describe('probing local models', () => {
  it('finds library, cache and hub as believed, and fetches no model', async () => {
    const { server, storage } = await startHub()
    const folder = await filledCache()
    const checks = await probed(provider({ hub: server.url, cacheFolder: folder }))
    expect(checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['runtime', 'as-expected'],
      ['cache.writable', 'as-expected'],
      ['cache.models', 'as-expected'],
      ['hub.chat-model', 'as-expected'],
      ['hub.embedding-model', 'as-expected'],
      ['hub.download', 'as-expected'],
      ['spend.chat', 'not-checked'],
      ['spend.code', 'not-checked'],
      ['spend.embeddings', 'not-checked'],
    ])
    expect(checks.find(({ id }) => id === 'runtime')?.evidence).toMatch(/^version 4\.\d+\.\d+ loads$/)
    expect(checks.find(({ id }) => id === 'hub.download')?.status).toBe(206)
    // One byte of the weights is all that comes.
    const ranges = storage.requests().map(({ headers }) => headers['range'])
    expect(ranges).toHaveLength(1)
    expect(ranges[0]).toMatch(/^bytes=\d+-$/)
    expect(JSON.stringify(checks)).not.toContain(folder)
  })

  it('lets a model that is there answer when it may spend', async () => {
    const { server } = await startHub()
    const checks = await probed(provider({ hub: server.url, cacheFolder: await filledCache() }), true)
    expect(checks.slice(-3).map(({ verdict, spent }) => [verdict, spent])).toEqual([
      ['as-expected', true],
      ['as-expected', true],
      ['as-expected', true],
    ])
  })

  it('does not download a model to try it', async () => {
    const { server, storage } = await startHub()
    const checks = await probed(provider({ hub: server.url, cacheFolder: await emptyFolder() }), true)
    expect(verdicts(checks)).toMatchObject({
      'cache.models': 'not-checked',
      'spend.chat': 'not-checked',
      'spend.embeddings': 'not-checked',
    })
    expect(storage.requests()).toHaveLength(1)
  })

  it('offline asks nobody', async () => {
    const { server } = await startHub()
    const checks = await probed(
      provider({ hub: server.url, cacheFolder: await filledCache(), offline: true }),
    )
    expect(verdicts(checks)).toMatchObject({
      runtime: 'as-expected',
      'hub.chat-model': 'not-checked',
      'hub.download': 'not-checked',
    })
    expect(server.requests()).toEqual([])
  })

  it.each([
    ['gone', { kind: 'status', status: 404 }],
    ['quota', { kind: 'status', status: 429 }],
    ['unreachable', { kind: 'status', status: 503 }],
    ['unreachable', { kind: 'network' }],
  ] as const)('%s: the list of files', async (verdict, fault) => {
    const { hub, server } = await startHub()
    hub.fail({ fault, path: '/api/models/openmux-test/tiny-chat', times: 10 })
    const checks = await probed(provider({ hub: server.url, cacheFolder: await emptyFolder() }))
    expect(verdicts(checks)).toMatchObject({
      'hub.chat-model': verdict,
      'hub.embedding-model': 'as-expected',
    })
  })

  it('a hub whose lists are of another form', async () => {
    const from = provider({
      cacheFolder: await emptyFolder(),
      fetch: async () => Response.json({ files: [] }),
    })
    expect(verdicts(await probed(from))).toMatchObject({ 'hub.chat-model': 'changed-shape' })
  })

  it('a repository without the files a model needs', async () => {
    const siblings = [{ rfilename: 'config.json', size: 10 }]
    const from = provider({
      cacheFolder: await emptyFolder(),
      fetch: async () => Response.json({ sha: 'a'.repeat(40), siblings }),
    })
    const check = (await probed(from)).find(({ id }) => id === 'hub.chat-model')
    expect(check).toMatchObject({
      verdict: 'changed-shape',
      evidence: expect.stringContaining('tokenizer.json'),
    })
  })

  it('a storage that ignores where a download should go on', async () => {
    const { hub, server } = await startHub()
    hub.fail({ fault: { kind: 'no-ranges' }, path: '.onnx', times: 10 })
    const checks = await probed(provider({ hub: server.url, cacheFolder: await emptyFolder() }))
    expect(verdicts(checks)).toMatchObject({ 'hub.download': 'changed-shape' })
  })

  it('a cache that cannot be written', async () => {
    const { server } = await startHub()
    const inTheWay = join(await emptyFolder(), 'file')
    await writeFile(inTheWay, '')
    const checks = await probed(provider({ hub: server.url, cacheFolder: join(inTheWay, 'models') }))
    expect(verdicts(checks)).toMatchObject({ 'cache.writable': 'unauthorised' })
  })

  it('a library that is not there, or not the one we know', async () => {
    const { server } = await startHub()
    const options = { hub: server.url, cacheFolder: await emptyFolder() }
    const absent = await probed(provider({ ...options, runtime: '@huggingface/no-such-thing' }))
    expect(absent[0]).toMatchObject({ id: 'runtime', verdict: 'not-checked' })
    expect(absent[0]?.evidence).toContain('npm install')
    const other = join(await emptyFolder(), 'other.mjs')
    await writeFile(other, 'export const nothing = 1\n')
    const wrong = await probed(provider({ ...options, runtime: `file://${other}` }))
    expect(wrong[0]).toMatchObject({ id: 'runtime', verdict: 'changed-shape' })
  })

  it('no token comes back in any evidence', async () => {
    const from = provider({
      token: TOKEN,
      cacheFolder: await emptyFolder(),
      fetch: async () =>
        Response.json({ error: `token ${TOKEN}` }, { status: 401, headers: { 'x-error-message': TOKEN } }),
    })
    expect(JSON.stringify(await probed(from, true))).not.toContain('canary')
  })
})
