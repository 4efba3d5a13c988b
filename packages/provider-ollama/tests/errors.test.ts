import { OLLAMA_REFUSALS } from '@openmux/testkit/ollama'
import { describe, expect, it } from 'vitest'
import { ask, context, failure, question, withDouble } from './support/with-double.js'

const { double, provider } = await withDouble()

describe('what the server refuses', () => {
  it.each(OLLAMA_REFUSALS.map((fixture) => [fixture.name, fixture] as const))(
    '%s is typed',
    async (_name, fixture) => {
      const { path, status, body, contentType = 'application/json; charset=utf-8', code } = fixture
      double.putInMemory('llama3.2:1b')
      double.putInMemory('nomic-embed-text')
      if (path === '/api/pull')
        double.refuse('/api/pull', {
          status,
          body: `{"status":"pulling manifest"}\n${body}\n`,
          contentType: 'application/x-ndjson',
        })
      else double.refuse(path === '/api/embed' ? '/api/embed' : '/api/chat', { status, body, contentType })

      const target = provider()
      const call =
        path === '/api/pull'
          ? target.pull('llama3.2:1b')
          : path === '/api/embed'
            ? target.embed({ model: 'nomic-embed-text', inputs: ['a'] }, context())
            : ask(target)
      const error = await failure(call)
      expect(error).toMatchObject({ code, provider: 'ollama' })
      expect(error.model).toBe(path === '/api/embed' ? 'nomic-embed-text' : 'llama3.2:1b')
      expect(error.upstream).toMatchObject({ status })
      // Words that the server wrote for its own log help nobody: the hint says what to do.
      expect(error.hint).not.toBe('')
    },
  )

  // Not what is decided by status, nor what is refused before any stream begins.
  const inStreams = OLLAMA_REFUSALS.filter(
    ({ path, body, code, status }) =>
      path === '/api/chat' &&
      body !== '' &&
      !(code === 'bad-request' && status === 400) &&
      ![429, 502].includes(status),
  )
  it.each(inStreams.map((fixture) => [fixture.name, fixture] as const))(
    '%s is the same inside a stream',
    async (_name, { body, code }) => {
      double.putInMemory('llama3.2:1b')
      double.refuse('/api/chat', {
        status: 200,
        body: `{"model":"m","message":{"content":"Half"},"done":false}\n${body}\n`,
        contentType: 'application/x-ndjson',
      })
      expect((await failure(ask(provider()))).code).toBe(code)
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
