import { createOpenMux, isOpenMuxError, type OpenMuxError } from '@openmux/core'
import { hfRemote } from '@openmux/provider-hf-remote'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { ANCESTORS } from './ancestors.ts'
import { MODELS, startBackEnds, TOKEN } from './back-ends.ts'
import { faultsOf } from './behaviour.ts'
import { demandTableRows } from './table.ts'

// The four forms of a request to the router that the seed tried, each of which got 404: why, and what is right.

const ends = await startBackEnds()
afterEach(() => ends.reset())
afterAll(() => ends.close())

/** Form of the seed, the address it comes to, and the body that went with it. */
const FORMS = [
  { form: '/hf-inference', path: '/hf-inference', body: { inputs: 'Hello' } },
  {
    form: '/hf-inference/models/{model_id}',
    path: '/hf-inference/models/gpt2',
    body: { inputs: 'Hello' },
  },
  { form: '/hf-inference/{model_id}', path: '/hf-inference/gpt2', body: { inputs: 'Hello' } },
  { form: 'with the model in the payload', path: '/hf-inference', body: { model: 'gpt2', inputs: 'Hello' } },
] as const

for (const { form, path, body } of FORMS)
  describe(`seed: ${form}`, () => {
    it('gets 404 in plain text, is refused as an address with the right path, and the right path answers', async () => {
      const authorization = { authorization: `Bearer ${TOKEN}` }
      const theirs = await fetch(ends.hfServer.url + path, {
        method: 'POST',
        headers: { ...authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(theirs.status).toBe(404)
      expect(theirs.headers.get('content-type')).toContain('text/plain')

      const refused = failureOf(() =>
        hfRemote({ baseURL: ends.hfServer.url + path, token: TOKEN, environment: {} }),
      )
      expect(refused).toMatchObject({ code: 'bad-config', field: 'baseURL' })
      expect(refused.hint).toContain('/v1/chat/completions')
      expect(refused.hint).toContain('/hf-inference/models/{id}/pipeline/feature-extraction')
      // The ancestor found out by asking, three times for each question, and had no word for it.
      expect(faultsOf(ANCESTORS['a wrong path'])).toContain('asks the dead again')

      ends.hfServer.reset()
      const mux = createOpenMux({ providers: [ends.remote()] })
      const chat = await mux.chat({ prompt: 'Hello', model: `hf-remote/${MODELS.remoteChat}` })
      const embedded = await mux.embed({ input: 'Hello', model: `hf-remote/${MODELS.remoteEmbed}` })
      expect([chat.provider, embedded.provider]).toEqual(['hf-remote', 'hf-remote'])
      const asked = ends.hfServer.requests().filter(({ method }) => method === 'POST')
      expect(asked.map((seen) => seen.path)).toEqual([
        '/v1/chat/completions',
        `/hf-inference/models/${MODELS.remoteEmbed}/pipeline/feature-extraction`,
      ])
    })
  })

it('seed: the retired host is refused as an address, with what to use instead', () => {
  for (const option of ['baseURL', 'hubURL']) {
    const refused = failureOf(() =>
      hfRemote({ [option]: 'https://api-inference.huggingface.co/models', token: TOKEN, environment: {} }),
    )
    expect(refused).toMatchObject({ code: 'bad-config', field: option })
    expect(refused.message).toContain('410 Gone')
    expect(refused.hint).toMatch(/https:\/\/(router\.)?huggingface\.co/)
    expect(JSON.stringify(refused)).not.toContain(TOKEN)
  }
})

it('every row of the document about this file is a test that ran', ({ task }) => demandTableRows(task))

function failureOf(work: () => unknown): OpenMuxError {
  try {
    work()
  } catch (error) {
    if (isOpenMuxError(error)) return error
    throw error
  }
  throw new Error('it did not fail')
}
