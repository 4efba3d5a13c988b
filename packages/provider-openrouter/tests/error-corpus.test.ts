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
import { openrouterDouble } from '@openmux/testkit/openrouter'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { callContext, EMBED_MODEL, hello, KEY, MODEL, outcomeOf } from './support/context.js'

const server = await serveHandlers(openrouterDouble({ apiKey: KEY }).handlers)
const provider = openrouter({ baseURL: `${server.url}/api/v1`, apiKey: KEY, environment: {} })
afterEach(() => server.reset())
afterAll(async () => {
  await provider.close()
  await server.close()
})

const PATHS = /\/(?:chat\/completions|embeddings)$/

/** What the provider makes of these bytes when they come over HTTP. */
async function meet(one: LabelledError): Promise<ErrorOutcome> {
  server.use(errorCaseHandler(one, PATHS))
  const context = callContext({ clock: { ...systemClock, now: () => CORPUS_NOW } })
  const { asked = 'chat', model = asked === 'chat' ? MODEL : EMBED_MODEL } = one
  if (asked === 'embeddings') {
    const embedded = provider.embed?.({ model, inputs: ['The sea is wide.'] }, context)
    return {
      error: await embedded?.then(
        () => undefined,
        (error: unknown) => error,
      ),
    }
  }
  const { error, answer } = await outcomeOf(provider.chat(hello({ model }), context))
  return { error, text: answer.text }
}

describe('every error answer of the corpus', () => {
  const cases = errorCorpus('openrouter')

  it.each(cases.map((one) => [one.id, one] as const))('%s', async (_id, one) => {
    const outcome = await meet(one)
    expect(errorCaseFaults(one, outcome)).toEqual([])
    expect(outcome.error).toMatchObject({
      provider: 'openrouter',
      ...(one.appears === 'status' && { upstream: { status: one.status } }),
    })
    const { stack } = outcome.error as Error
    expect(`${JSON.stringify(outcome.error)}${stack}`).not.toContain('canary4711')
  })

  it('there are at least 80 of them', () => expect(cases.length).toBeGreaterThanOrEqual(80))
})
