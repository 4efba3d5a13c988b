import { errorCorpus } from '@openmux/testkit/corpus'
import { describe, expect, it } from 'vitest'
import { ask, failure, question, withDouble } from './support/with-double.js'

const { double, provider } = await withDouble()

describe('what the server refuses', () => {
  // Not what is decided by status, nor what is refused before any stream begins.
  const inStreams = errorCorpus('ollama').filter(
    ({ appears, asked, body, expected, status }) =>
      appears === 'status' &&
      asked === undefined &&
      typeof body === 'object' &&
      !(expected.code === 'bad-request' && status === 400) &&
      ![429, 502].includes(status),
  )
  it.each(inStreams.map((one) => [one.title, one] as const))(
    '%s is the same inside a stream',
    async (_title, { body, expected }) => {
      double.putInMemory('llama3.2:1b')
      double.refuse('/api/chat', {
        status: 200,
        body: `{"model":"m","message":{"content":"Half"},"done":false}\n${JSON.stringify(body)}\n`,
        contentType: 'application/x-ndjson',
      })
      expect((await failure(ask(provider()))).code).toBe(expected.code)
    },
  )

  it('names the way to a model that is not there, and the installed names like it', async () => {
    const error = await failure(ask(provider(), question('Hi', { model: 'lama3.2:1b' })))
    expect(error).toMatchObject({ code: 'model-not-found', model: 'lama3.2:1b' })
    expect(error.message).toContain('Did you mean llama3.2:1b?')
    expect(error.hint).toContain('ollama pull lama3.2:1b')
  })

  it('says when no model is installed at all', async () => {
    for (const { name } of await provider().tags()) double.uninstall(name)
    expect((await failure(ask(provider()))).message).toContain('No model is installed')
  })

  it('names the option of a wrong type', async () => {
    const wish = { ollama: { options: { top_k: 'many' } } }
    const error = await failure(ask(provider(), question('Hi', { providerOptions: wish })))
    expect(error).toMatchObject({ code: 'bad-request' })
    expect(error.message).toContain('top_k')
  })

  it('of a server that is down says how to start it', async () => {
    const down = provider({ baseURL: 'http://127.0.0.1:1' })
    const error = await failure(ask(down))
    expect(error).toMatchObject({ code: 'network', scope: 'endpoint', model: 'llama3.2:1b' })
    expect(error.hint).toContain('ollama serve')
    expect((await failure(down.tags())).hint).toContain('ollama serve')
  })

  it('of another program on the port says so', async () => {
    for (const path of ['/api/ps', '/api/tags', '/api/show'] as const)
      double.refuse(path, { status: 200, body: '{"hello":"world"}' })
    const error = await failure(ask(provider()))
    expect(error.code).toBe('bad-response')
    expect(error.hint).toContain('OLLAMA_HOST')
  })
})
