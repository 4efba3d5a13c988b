import { inspect } from 'node:util'
import { interceptHandlers } from '@openmux/testkit'
import { errorCaseResponse, errorCorpus } from '@openmux/testkit/corpus'
import { hfDouble } from '@openmux/testkit/hf-remote'
import { http } from 'msw'
import { afterAll, describe, expect, it } from 'vitest'
import { hfRemote } from '../src/index.js'
import { ask, callContext, embedding, failureOf, TOKEN } from './support/context.js'

const double = hfDouble({ token: TOKEN })
const upstream = interceptHandlers(double.handlers)
upstream.start()
afterAll(() => upstream.stop())

describe('the token in errors', () => {
  it.each([...errorCorpus('hf-remote'), ...errorCorpus('hf-endpoint')].map((one) => [one.id, one] as const))(
    'is not to be seen, though the answer quotes it: %s',
    async (_name, fixture) => {
      const body =
        typeof fixture.body === 'string'
          ? `${fixture.body} {key}`
          : { ...Object(fixture.body), token: '{key}', echo: 'Bearer {key}' }
      const provider = hfRemote({ token: TOKEN, fetch: (input, init) => fetch(input, init) })
      upstream.use(http.all('*', ({ request }) => errorCaseResponse({ ...fixture, body }, request)))
      try {
        const seen: unknown[] = [await provider.ready(callContext())]
        for (const work of [
          () => ask(provider),
          () => embedding(provider),
          () => provider.models(callContext()),
        ]) {
          const error = await failureOf(work)
          seen.push(error, error.stack, String(error), JSON.stringify(error))
        }
        expect(inspect(seen, { depth: 10, showHidden: true })).not.toContain(TOKEN)
        expect(JSON.stringify(seen)).not.toContain(TOKEN)
      } finally {
        upstream.reset()
        await provider.close()
      }
    },
  )
})
