import { describe, expect, it } from 'vitest'
import { ollama } from '../src/index.js'
import { ask, context, failure, question, withDouble } from './support/with-double.js'

const { provider, sent, server } = await withDouble()
const KEY = 'cloud-key-4711-abcdef'

/** The keys that arrive at a host. */
function keysSeen(options: Parameters<typeof ollama>[0]) {
  const seen: (string | null)[] = []
  const fetch = (url: string, init: RequestInit) => {
    seen.push(new Headers(init.headers).get('authorization'))
    return Promise.resolve(
      Response.json(url.endsWith('/api/version') ? { version: '0.24.0' } : { models: [] }),
    )
  }
  return { target: ollama({ ...options, fetch }), seen }
}

describe('the key of the cloud', () => {
  it('goes to ollama.com', async () => {
    const { target, seen } = keysSeen({ environment: { OLLAMA_HOST: 'ollama.com', OLLAMA_API_KEY: KEY } })
    await target.ready(context())
    expect(seen).toEqual([`Bearer ${KEY}`])
    expect([target.locality, target.hosts]).toEqual(['remote', ['ollama.com:443']])
  })

  it.each(['', 'http://127.0.0.1:11434', 'https://box.lan', 'https://ollama.com.example.org'])(
    'does not go to %j',
    async (host) => {
      const { target, seen } = keysSeen({ environment: { OLLAMA_HOST: host, OLLAMA_API_KEY: KEY } })
      await target.ready(context())
      expect(seen).toEqual([null, null])
      expect(target.locality).toBe('local')
    },
  )

  it('given with an address goes to that address', async () => {
    const { target, seen } = keysSeen({ baseURL: 'https://box.lan', apiKey: KEY, environment: {} })
    await target.ready(context())
    expect(new Set(seen)).toEqual(new Set([`Bearer ${KEY}`]))
  })

  it('opens the models of the cloud, which are recommended there', async () => {
    const fetch = () =>
      Promise.resolve(
        Response.json({ models: [{ name: 'gpt-oss:120b', size: 1, digest: 'd', details: {} }] }),
      )
    const cloud = ollama({ baseURL: 'https://ollama.com', environment: { OLLAMA_API_KEY: KEY }, fetch })
    const [choice] = await cloud.recommend({ task: 'chat', capabilities: [] }, context())
    expect(choice).toMatchObject({
      model: { id: 'gpt-oss:120b', state: 'hosted', free: false },
      reason: 'hosted',
    })
  })

  it('is refused over plain HTTP to another machine', () => {
    const make = () => ollama({ baseURL: 'http://box.lan:11434', apiKey: KEY, environment: {} })
    expect(make).toThrow(expect.objectContaining({ code: 'bad-config' }))
    expect(make).not.toThrow(KEY)
  })
})

describe('models of the cloud', () => {
  it('are asked for without loading anything here', async () => {
    const error = await failure(ask(provider(), question('Hi', { model: 'gpt-oss:120b-cloud' })))
    expect(error).toMatchObject({ code: 'auth', model: 'gpt-oss:120b-cloud' })
    expect(error.hint).toContain('ollama signin')
    expect(server.requests().map(({ path }) => path)).toEqual(['/api/chat'])
  })

  it('are refused where they are ruled out, and nothing is sent', async () => {
    const error = await failure(
      ask(provider({ cloudModels: false }), question('Hi', { model: 'gpt-oss:120b-cloud' })),
    )
    expect(error).toMatchObject({ code: 'unsupported', field: 'model' })
    const floor = question('Hi', { model: 'gpt-oss:120b-cloud', localOnly: true })
    expect(await failure(ask(provider(), floor))).toMatchObject({ code: 'unsupported', field: 'model' })
    expect(server.requests()).toEqual([])
  })
})

describe('how long models stay in memory', () => {
  it.each([
    ['10m', '10m'],
    ['-1', -1],
    [0, 0],
  ])('%j goes out as %j', async (keepAlive, sentAs) => {
    await ask(provider({ keepAlive }))
    expect(sent('/api/chat').map((body) => body['keep_alive'])).toEqual([sentAs, sentAs])
  })
})

describe('a wrong option', () => {
  it.each([
    ['contextTokens', 0],
    ['contextTokens', 1.5],
    ['maxContextTokens', '8k'],
    ['embedBatch', -1],
    ['memoryBytes', Number.NaN],
    ['keepAlive', 'soon'],
    ['keepAlive', {}],
    ['baseURL', 11_434],
    ['apiKey', 7],
    ['fetch', 'fetch'],
    ['cloudModels', 'no'],
  ])('%s: %j is refused by name', (name, value) => {
    expect(() => ollama({ environment: {}, [name]: value })).toThrow(
      expect.objectContaining({ code: 'bad-config', field: name, provider: 'ollama' }),
    )
  })

  it.each(['5m', '1h30m', '-1', 0, -1, 300, '1.5h'])('keepAlive: %j is taken', (keepAlive) => {
    expect(() => ollama({ environment: {}, keepAlive })).not.toThrow()
  })
})

describe('options that are none', () => {
  it.each([['a key in place of the options'], [null], [{ baseUrl: 'x' }]])('%j is refused', (given) => {
    expect(() => ollama(given as never)).toThrow(expect.objectContaining({ code: 'bad-config' }))
  })
})
