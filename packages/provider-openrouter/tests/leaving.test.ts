import { serveHandlers } from '@openmux/testkit'
import { openrouterDouble } from '@openmux/testkit/openrouter'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { callContext, failureOf, hello, KEY, outcomeOf } from './support/context.js'

const double = openrouterDouble({ apiKey: KEY })
const server = await serveHandlers(double.handlers)
const open = (): ReturnType<typeof openrouter> =>
  openrouter({ baseURL: `${server.url}/api/v1`, apiKey: KEY, environment: {} })
afterAll(() => server.close())
beforeEach(() => {
  double.reset()
  server.reset()
})

const CALLS = ['models', 'ready', 'quota', 'catalog'] as const

describe('a caller who leaves', () => {
  it.each(CALLS)('ends %s with `aborted`, and its requests', async (name) => {
    for (const path of ['/models', '/embeddings/models', '/key'] as const) double.silence(path)
    const provider = open()
    const controller = new AbortController()
    const call = failureOf(() => provider[name](callContext({ signal: controller.signal })))
    await until(() => server.requests().length > 0)
    controller.abort()
    expect((await call).code).toBe('aborted')
    await until(() => server.requests().every((request) => !request.open))
    await provider.close()
  })

  it('while living models are looked up for a hint gets `aborted`', async () => {
    double.silence('/models')
    const provider = open()
    const controller = new AbortController()
    const call = outcomeOf(
      provider.chat(hello({ model: 'no/such:free' }), callContext({ signal: controller.signal })),
    )
    await until(() => server.requests().some(({ path }) => path.endsWith('/api/v1/models')))
    controller.abort()
    expect((await call).error?.code).toBe('aborted')
    await provider.close()
  })
})

describe('a provider that is closed', () => {
  it.each(CALLS)('ends %s under way and refuses it later', async (name) => {
    for (const path of ['/models', '/embeddings/models', '/key'] as const) double.silence(path)
    const provider = open()
    const call = failureOf(() => provider[name](callContext()))
    await until(() => server.requests().length > 0)
    await provider.close()
    expect((await call).code).toBe('aborted')
    expect((await failureOf(() => provider[name](callContext()))).code).toBe('aborted')
    await provider.close()
  })
})

async function until(held: () => boolean): Promise<void> {
  const limit = Date.now() + 4_000
  while (!held()) {
    if (Date.now() > limit) throw new Error('it did not come to that within 4 s')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
