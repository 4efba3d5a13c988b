import { systemClock } from '@openmux/core'
import { summarize } from '@openmux/testkit'
import {
  CORPUS_NOW,
  errorCaseFaults,
  errorCaseHandler,
  errorCorpus,
  type ErrorOutcome,
  type LabelledError,
} from '@openmux/testkit/corpus'
import type { ChatEvent } from '@openmux/core'
import { describe, expect, it } from 'vitest'
import { context, question, withDouble } from './support/with-double.js'

const KEY = 'ollama-canary-4711-abcdef'
const { double, server, provider } = await withDouble()
const PATHS: Readonly<Record<string, string>> = {
  chat: '*/api/chat',
  embeddings: '*/api/embed',
  pull: '*/api/pull',
}

/** What the provider makes of these bytes when they come over HTTP. */
async function meet(one: LabelledError): Promise<ErrorOutcome> {
  const { asked = 'chat', model = asked === 'embeddings' ? 'nomic-embed-text' : 'llama3.2:1b' } = one
  double.putInMemory('llama3.2:1b')
  double.putInMemory('nomic-embed-text')
  server.use(errorCaseHandler(one, PATHS[asked]))
  const target = provider({ apiKey: KEY })
  const within = context({ clock: { ...systemClock, now: () => CORPUS_NOW } })
  const events: ChatEvent[] = []
  try {
    if (asked === 'pull') await target.pull(model, { signal: within.signal })
    else if (asked === 'embeddings') await target.embed({ model, inputs: ['a'] }, within)
    else for await (const event of target.chat(question('Hello', { model }), within)) events.push(event)
    return { error: undefined, text: summarize(events).text }
  } catch (error) {
    return { error, text: summarize(events).text }
  }
}

describe('every error answer of the corpus', () => {
  const cases = errorCorpus('ollama')

  it.each(cases.map((one) => [one.id, one] as const))('%s', async (_id, one) => {
    const outcome = await meet(one)
    expect(errorCaseFaults(one, outcome)).toEqual([])
    expect(outcome.error).toMatchObject({
      provider: 'ollama',
      ...(one.appears === 'status' && { upstream: { status: one.status } }),
    })
    const { stack } = outcome.error as Error
    expect(`${JSON.stringify(outcome.error)}${stack}`).not.toContain(KEY)
  })

  it('there are at least 50 of them', () => expect(cases.length).toBeGreaterThanOrEqual(50))
})
