import { serveHandlers } from '@openmux/testkit'
import { isFailure } from '@openmux/testkit/openai'
import { OPENROUTER_ANSWERS, OPENROUTER_BROKEN, openrouterDouble } from '@openmux/testkit/openrouter'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { callContext, hello, KEY, outcomeOf } from './support/context.js'

const double = openrouterDouble({ apiKey: KEY })
const server = await serveHandlers(double.handlers)
const provider = openrouter({ baseURL: `${server.url}/api/v1`, apiKey: KEY, environment: {} })
afterAll(async () => {
  await provider.close()
  await server.close()
})
beforeEach(() => double.reset())

const FIXTURES = [...OPENROUTER_ANSWERS, ...OPENROUTER_BROKEN]

describe('every answer that is kept', () => {
  it.each(FIXTURES.map((fixture) => [fixture.name, fixture] as const))('%s', async (_name, fixture) => {
    double.everyChat(fixture)
    const { answer, error } = await outcomeOf(provider.chat(hello(), callContext()))
    const { expected } = fixture
    if (isFailure(expected)) {
      expect(error?.code).toBe(expected.code)
      expect(answer.finish).toBeUndefined()
      expect(answer.text).toBe(expected.text ?? '')
      return
    }
    expect(error).toBeUndefined()
    expect(answer.text).toBe(expected.text)
    expect(answer.reasoning).toBe(expected.reasoning ?? '')
    expect(answer.toolCalls.map(({ name, arguments: text }) => ({ name, arguments: text }))).toEqual(
      expected.toolCalls ?? [],
    )
    expect(answer.finish?.reason).toBe(expected.finish)
    if (expected.usage !== undefined) expect(answer.finish?.usage).toMatchObject(expected.usage)
  })

  it('names its source and how sure it is, once', () => {
    for (const { source, mark } of FIXTURES) {
      expect(source.trim()).not.toBe('')
      expect(['verified', 'captured', 'uncertain']).toContain(mark)
    }
    expect(new Set(FIXTURES.map(({ name }) => name)).size).toBe(FIXTURES.length)
  })
})

describe('an error inside a stream', () => {
  it('keeps its own time and the words of the upstream', async () => {
    double.everyChat({
      pieces: ['Once '],
      error: {
        error: {
          code: 429,
          message: 'Provider returned error',
          metadata: {
            raw: '{"error":{"message":"slow down"}}',
            provider_name: 'P',
            headers: { 'Retry-After': '5' },
          },
        },
        choices: [{ index: 0, delta: {}, finish_reason: 'error' }],
      },
    })
    const before = Date.now()
    const { error, answer } = await outcomeOf(provider.chat(hello(), callContext()))
    expect(answer.text).toBe('Once ')
    expect(error).toMatchObject({ code: 'rate-limit', scope: 'model' })
    expect(error?.message).toContain('(P): slow down')
    expect(Number(error?.until) - before).toBeGreaterThanOrEqual(5_000)
  })
})

describe('what goes beside the text', () => {
  it('names the generation, the model that served and the upstream', async () => {
    const { events } = await outcomeOf(provider.chat(hello({ model: 'openrouter/free' }), callContext()))
    expect(events[0]).toMatchObject({
      type: 'start',
      model: 'google/gemma-4-31b-it:free',
      responseId: expect.stringMatching(/^gen-/),
      servedBy: 'Double',
      warnings: [],
    })
  })

  it('tells the cost', async () => {
    const { answer } = await outcomeOf(provider.chat(hello(), callContext()))
    expect(answer.finish?.usage).toMatchObject({ costUsd: 0 })
  })
})
