import { systemClock } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import {
  CORPUS_NOW,
  errorCaseFaults,
  errorCaseHandler,
  errorCorpus,
  type ErrorOutcome,
  type LabelledError,
} from '@openmux/testkit/corpus'
import { openaiDouble } from '@openmux/testkit/openai'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { openaiCompatible } from '../src/index.js'
import { callContext, chatOf, hello, KEY, outcomeOf } from './support/context.js'

const server = await serveHandlers(openaiDouble().handlers)
const provider = openaiCompatible({ id: 'double', baseURL: `${server.url}/v1`, apiKey: KEY })
afterEach(() => server.reset())
afterAll(async () => {
  await provider.close()
  await server.close()
})

const PATHS = /\/(?:chat\/completions|embeddings)$/

/** What the provider makes of these bytes when they come over HTTP. */
async function meet(one: LabelledError): Promise<ErrorOutcome> {
  server.use(errorCaseHandler(one, PATHS))
  const { asked = 'chat', model = asked === 'chat' ? 'double-chat' : 'double-embed' } = one
  const context = callContext({ clock: { ...systemClock, now: () => CORPUS_NOW } })
  if (asked === 'embeddings') {
    const embedded = provider.embed?.({ model, inputs: ['The sea is wide.'] }, context)
    return {
      error: await embedded?.then(
        () => undefined,
        (error: unknown) => error,
      ),
    }
  }
  const { error, answer } = await outcomeOf(chatOf(provider, hello({ model }), context))
  return { error, text: answer.text }
}

describe('every error answer of the corpus', () => {
  const cases = errorCorpus('openai-compatible')

  it.each(cases.map((one) => [one.id, one] as const))('%s', async (_id, one) => {
    const outcome = await meet(one)
    expect(errorCaseFaults(one, outcome)).toEqual([])
    expect(outcome.error).toMatchObject({
      provider: 'double',
      ...(one.appears === 'status' && { upstream: { status: one.status } }),
    })
    const { stack } = outcome.error as Error
    expect(`${JSON.stringify(outcome.error)}${stack}`).not.toContain(KEY)
  })

  it('there are at least 60 of them', () => expect(cases.length).toBeGreaterThanOrEqual(60))
})
