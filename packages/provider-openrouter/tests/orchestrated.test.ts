import { createOpenMux } from '@openmux/core'
import { scriptedProvider, serveHandlers } from '@openmux/testkit'
import { openrouterDouble, openrouterError } from '@openmux/testkit/openrouter'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { KEY } from './support/context.js'

const double = openrouterDouble({ apiKey: KEY })
const server = await serveHandlers(double.handlers)
const baseURL = `${server.url}/api/v1`
afterAll(() => server.close())
beforeEach(() => {
  double.reset()
  server.reset()
})

describe('behind the orchestrator', () => {
  it('answers with the best free model when none is named', async () => {
    await using mux = createOpenMux({ providers: [openrouter({ baseURL, apiKey: KEY, environment: {} })] })
    const result = await mux.chat('Say hello.')
    expect(result).toMatchObject({
      text: 'You said: Say hello.',
      provider: 'openrouter',
      model: 'nvidia/nemotron-3-super-120b-a12b:free',
      usage: { costUsd: 0 },
    })
  })

  it('takes another free model when the upstream of the first is busy', async () => {
    const { body } = openrouterError('429 an upstream is busy and does not say for how long')
    double.nextChats({
      name: 'busy',
      source: 'corpus',
      mark: 'captured',
      stream: true,
      status: 429,
      body,
      expected: { code: 'rate-limit' },
    })
    await using mux = createOpenMux({ providers: [openrouter({ baseURL, apiKey: KEY, environment: {} })] })
    const { attempts, model } = await mux.chat('Say hello.')
    expect(attempts.map(({ code }) => code)).toEqual(['rate-limit', undefined])
    expect(model).toMatch(/:free$/)
    expect(model).not.toBe(attempts[0]?.model)
  })

  it('gives way to another provider when the free requests of the day are used up', async () => {
    const refusal = openrouterError('429 the free requests of the day, counts only in the metadata')
    double.refuse('/chat/completions', refusal)
    const spare = scriptedProvider({ id: 'spare', chats: [['hello']] })
    await using mux = createOpenMux({
      providers: [openrouter({ baseURL, apiKey: KEY, environment: {} }), spare],
    })
    expect(await mux.chat('Say hello.')).toMatchObject({ text: 'hello', provider: 'spare' })
  })

  it('costs no request without a key', async () => {
    const spare = scriptedProvider({ id: 'spare', chats: [['hello']] })
    await using mux = createOpenMux({ providers: [openrouter({ baseURL, environment: {} }), spare] })
    expect(await mux.chat('Say hello.')).toMatchObject({ provider: 'spare' })
    expect(server.requests()).toEqual([])
  })
})
