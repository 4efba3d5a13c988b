import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type HandlerServer, interceptHandlers, serveHandlers, tinyModelsFolder } from '../src/index.js'
import { type HubDouble, hubDouble } from '../src/hub/index.js'

const CHAT = 'openmux-test/tiny-chat'
const WEIGHTS = 'onnx/model_quantized.onnx'

let hub: HubDouble
let server: HandlerServer
let storage: HandlerServer

beforeAll(async () => {
  hub = hubDouble({
    models: tinyModelsFolder(),
    storage: () => storage.url,
    token: 'the-token',
    gatedModels: ['openmux-test/tiny-embed'],
  })
  server = await serveHandlers(hub.handlers)
  storage = await serveHandlers(hub.handlers)
})
afterAll(async () => {
  await server.close()
  await storage.close()
})
beforeEach(() => {
  hub.reset()
  server.reset()
  storage.reset()
})

const manual = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/${path}`, { redirect: 'manual', ...init })

interface Info {
  readonly sha: string
  readonly siblings: readonly {
    readonly rfilename: string
    readonly size?: number
    readonly lfs?: { readonly sha256: string }
  }[]
}

describe('the double of the model hub', () => {
  it('lists a repository, with sizes and hashes only when asked for', async () => {
    const plain = (await (await manual(`api/models/${CHAT}`)).json()) as Info
    const full = (await (await manual(`api/models/${CHAT}/revision/main?blobs=true`)).json()) as Info
    expect(plain.siblings.map((file) => file.rfilename)).toContain(WEIGHTS)
    expect(plain.siblings.every((file) => file.size === undefined)).toBe(true)
    expect(full.siblings.find((file) => file.rfilename === WEIGHTS)?.lfs?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(full.siblings.find((file) => file.rfilename === 'config.json')).not.toHaveProperty('lfs')
    expect(full.sha).toMatch(/^[0-9a-f]{40}$/)
  })

  it('sends weights to another host and tells size and hash beforehand', async () => {
    const answer = await manual(`${CHAT}/resolve/main/${WEIGHTS}`, { method: 'HEAD' })
    expect(answer.status).toBe(302)
    expect(new URL(answer.headers.get('location') ?? '').host).toBe(storage.host)
    expect(answer.headers.get('x-repo-commit')).toMatch(/^[0-9a-f]{40}$/)
    const bytes = await (await fetch(answer.headers.get('location') ?? '')).arrayBuffer()
    expect(String(bytes.byteLength)).toBe(answer.headers.get('x-linked-size'))
  })

  it('serves small files behind a relative redirect', async () => {
    const answer = await manual(`${CHAT}/resolve/main/config.json`)
    expect(answer.status).toBe(307)
    expect(answer.headers.get('location')).toMatch(/^\/api\/resolve-cache\//)
    expect(await (await fetch(`${server.url}/${CHAT}/resolve/main/config.json`)).json()).toMatchObject({
      model_type: 'llama',
    })
  })

  it('answers ranges, and refuses those behind the end', async () => {
    const location = (await manual(`${CHAT}/resolve/main/${WEIGHTS}`)).headers.get('location') ?? ''
    const whole = new Uint8Array(await (await fetch(location)).arrayBuffer())
    const rest = await fetch(location, { headers: { range: 'bytes=1000-' } })
    expect(rest.status).toBe(206)
    expect(rest.headers.get('content-range')).toBe(`bytes 1000-${whole.length - 1}/${whole.length}`)
    expect(new Uint8Array(await rest.arrayBuffer())).toEqual(whole.slice(1000))
    expect((await fetch(location, { headers: { range: `bytes=${whole.length}-` } })).status).toBe(416)
  })

  it('refuses a token at the storage, as object stores do', async () => {
    const location = (await manual(`${CHAT}/resolve/main/${WEIGHTS}`)).headers.get('location') ?? ''
    expect((await fetch(location, { headers: { authorization: 'Bearer the-token' } })).status).toBe(400)
  })

  it.each([
    ['api/models/nobody/nothing', {}, 401, 'RepoNotFound'],
    ['api/models/nobody/nothing', { authorization: 'Bearer the-token' }, 404, 'RepoNotFound'],
    [`${CHAT}/resolve/main/nothing.json`, {}, 404, 'EntryNotFound'],
    [`${CHAT}/resolve/elsewhere/config.json`, {}, 404, 'RevisionNotFound'],
    ['openmux-test/tiny-embed/resolve/main/config.json', {}, 401, 'GatedRepo'],
    [
      'openmux-test/tiny-embed/resolve/main/config.json',
      { authorization: 'Bearer the-token' },
      403,
      'GatedRepo',
    ],
    [`api/models/${CHAT}`, { authorization: 'Bearer another' }, 401, null],
  ])('refuses %s %o with %i %s', async (path, headers, status, code) => {
    const answer = await manual(path, { headers })
    expect([answer.status, answer.headers.get('x-error-code')]).toEqual([status, code])
  })

  it('plays faults once each, those of a body only where bytes are sent', async () => {
    hub.fail({ path: WEIGHTS, fault: { kind: 'cut', afterBytes: 100 } })
    hub.fail({ path: 'config.json', fault: { kind: 'corrupt' } })
    hub.fail({
      path: '/api/models/',
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
    })
    const limited = await manual(`api/models/${CHAT}`)
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3'])
    expect((await manual(`api/models/${CHAT}`)).status).toBe(200)
    const weights = `${server.url}/${CHAT}/resolve/main/${WEIGHTS}`
    await expect(fetch(weights).then((answer) => answer.arrayBuffer())).rejects.toThrow(/terminated/)
    expect((await (await fetch(weights)).arrayBuffer()).byteLength).toBeGreaterThan(100)
    const config = `${server.url}/${CHAT}/resolve/main/config.json`
    const spoilt = await (await fetch(config)).text()
    expect(spoilt).not.toBe(await (await fetch(config)).text())
  })

  it('breaks the connection, ignores ranges and sends slowly when told to', async () => {
    const config = `${server.url}/${CHAT}/resolve/main/config.json`
    hub.fail({ path: 'config.json', fault: { kind: 'network' } })
    await expect(fetch(config)).rejects.toThrow(/fetch failed/)
    hub.fail({ path: 'config.json', fault: { kind: 'no-ranges' } })
    expect((await fetch(config, { headers: { range: 'bytes=5-' } })).status).toBe(200)
    let pieces = 0
    hub.fail({
      path: 'config.json',
      fault: { kind: 'slow', pieceBytes: 100, gate: async () => void pieces++ },
    })
    const slow = await (await fetch(config)).text()
    expect(slow).toBe(await (await fetch(config)).text())
    expect(pieces).toBe(Math.ceil(slow.length / 100))
  })

  it('serves the same in process, in place of the real hub', async () => {
    const inProcess = interceptHandlers(hubDouble({ models: tinyModelsFolder() }).handlers)
    inProcess.start()
    try {
      const answer = await fetch(`https://huggingface.co/${CHAT}/resolve/main/${WEIGHTS}`)
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(1_000)
    } finally {
      inProcess.stop()
    }
  })
})
