import { CORPUS_NOW, errorCaseFaults, errorCaseHandler, errorCorpus } from '@openmux/testkit/corpus'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, cleanUp, context, emptyFolder, failureOf, provider, startHub } from './support.js'

const TOKEN = 'hf_canaryCANARYcanary4711canary'

// A download is shared by all who wait for it and so keeps its own time: the system's, which stands still here.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: CORPUS_NOW })
})
afterEach(async () => {
  vi.useRealTimers()
  await cleanUp()
})

describe('every error answer of the corpus', () => {
  const cases = errorCorpus('hf-local')

  it.each(cases.map((one) => [one.id, one] as const))('%s', async (_id, one) => {
    const { server } = await startHub()
    server.use(errorCaseHandler(one))
    const from = provider({ hub: server.url, cacheFolder: await emptyFolder(), token: TOKEN })
    const error = await failureOf(ask(from, 'hello', {}, context()))
    expect(errorCaseFaults(one, { error })).toEqual([])
    expect(error.provider).toBe('hf-local')
    expect(`${JSON.stringify(error)}${error.stack}`).not.toContain(TOKEN)
  })

  it('there are at least 10 of them', () => expect(cases.length).toBeGreaterThanOrEqual(10))
})
