import { serveHandlers } from '@openmux/testkit'
import { isFailure, OPENAI_FIXTURES, openaiDouble, openaiFixture } from '@openmux/testkit/openai'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openaiCompatible } from '../src/index.js'
import { callContext, chatOf, hello, KEY, outcomeOf } from './support/context.js'

const double = openaiDouble()
const server = await serveHandlers(double.handlers)
const options = { id: 'double', baseURL: `${server.url}/v1`, apiKey: KEY }
const streaming = openaiCompatible({ ...options, usageWaitMs: 100 })
const plain = openaiCompatible({ ...options, supports: { streaming: false } })
afterAll(async () => {
  await Promise.all([streaming.close(), plain.close()])
  await server.close()
})
beforeEach(() => double.reset())

describe('every answer that is kept', () => {
  it.each(OPENAI_FIXTURES.map((fixture) => [fixture.name, fixture] as const))(
    '%s',
    async (_name, fixture) => {
      double.everyChat(fixture)
      const { answer, error } = await outcomeOf(chatOf(fixture.stream ? streaming : plain, hello()))
      const { expected } = fixture
      if (isFailure(expected)) {
        expect(error?.code).toBe(expected.code)
        expect(error).toMatchObject({ provider: 'double', model: 'double-chat' })
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
      expect(new Set(answer.toolCalls.map(({ id }) => id)).size).toBe(answer.toolCalls.length)
      expect(answer.finish?.reason).toBe(expected.finish)
      if (expected.usage !== undefined) expect(answer.finish?.usage).toMatchObject(expected.usage)
    },
  )

  it('names its source and how sure it is', () => {
    for (const fixture of OPENAI_FIXTURES) {
      expect(fixture.source.trim()).not.toBe('')
      expect(['verified', 'captured', 'uncertain']).toContain(fixture.mark)
    }
    expect(new Set(OPENAI_FIXTURES.map(({ name }) => name)).size).toBe(OPENAI_FIXTURES.length)
  })
})

describe('what goes beside the text', () => {
  it('cost, cached and thinking tokens are told', async () => {
    double.everyChat(openaiFixture('plain: thinking, cached tokens and a cost'))
    const { answer } = await outcomeOf(chatOf(plain, hello()))
    expect(answer.finish?.usage).toEqual({
      inputTokens: 9,
      outputTokens: 3,
      cachedInputTokens: 4,
      reasoningTokens: 2,
      costUsd: 0.00012,
    })
  })

  it('the wait of a rate limit becomes the moment it ends', async () => {
    double.everyChat(openaiFixture('refused: 429 by a window, with Retry-After'))
    const clock = { now: () => 1_000_000, after: callContext().clock.after }
    const { error } = await outcomeOf(chatOf(streaming, hello(), callContext({ clock })))
    expect(error?.until).toBe(1_007_000)
  })

  it('an error inside a stream keeps the status 200 it came with', async () => {
    double.everyChat(openaiFixture('openrouter: an error with a number as code'))
    const { error } = await outcomeOf(chatOf(streaming, hello()))
    expect(error?.upstream).toMatchObject({ status: 200 })
    expect(error?.upstream?.body).toContain('Rate limit exceeded')
  })
})
