import { serveHandlers } from '@openmux/testkit'
import { openaiDouble, openaiFixture } from '@openmux/testkit/openai'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openaiCompatible, type OpenAICompatibleHooks, type OpenAICompatibleOptions } from '../src/index.js'
import { callContext, chatOf, failureOf, hello, KEY, outcomeOf } from './support/context.js'

const double = openaiDouble()
const server = await serveHandlers(double.handlers)
afterAll(() => server.close())
beforeEach(() => {
  double.reset()
  server.reset()
})

function withHooks(
  hooks: OpenAICompatibleHooks,
  more: Partial<OpenAICompatibleOptions> = {},
): ReturnType<typeof openaiCompatible> {
  return openaiCompatible({ id: 'double', baseURL: `${server.url}/api/v1`, apiKey: KEY, hooks, ...more })
}

function lastBody(): Record<string, unknown> {
  return JSON.parse(server.requests().at(-1)?.body ?? '{}') as Record<string, unknown>
}

describe('hooks', () => {
  it('put members into the body and take some out, as OpenRouter needs it', async () => {
    const provider = withHooks({
      quirks: { streamUsage: 'always', reasoning: 'object' },
      extraBody: ({ model }) => ({
        models: [model, 'double-coder'],
        provider: { require_parameters: true },
        temperature: undefined,
      }),
      extraHeaders: () => ({ 'HTTP-Referer': 'https://app.example.com', 'X-OpenRouter-Title': 'App' }),
    })
    await outcomeOf(chatOf(provider, hello({ reasoning: 'high', temperature: 1 })))
    expect(lastBody()).toMatchObject({
      models: ['double-chat', 'double-coder'],
      provider: { require_parameters: true },
      reasoning: { effort: 'high' },
    })
    expect(lastBody()).not.toHaveProperty('stream_options')
    expect(lastBody()).not.toHaveProperty('temperature')
    expect(server.requests().at(-1)?.headers).toMatchObject({
      'http-referer': 'https://app.example.com',
      'x-openrouter-title': 'App',
    })
  })

  it('choose the path by the model, as the provider paths of Hugging Face need it', async () => {
    const provider = withHooks({
      chatPath: (model) => `/hf-inference/models/${encodeURIComponent(model)}/v1/chat/completions`,
      embedPath: '/x/embeddings',
      modelsPath: '/models?output_modalities=all',
    })
    await outcomeOf(chatOf(provider, hello()))
    await provider.embed?.({ model: 'double-embed', inputs: ['a'] }, callContext())
    await provider.models(callContext())
    expect(server.requests().map(({ path }) => path)).toEqual([
      '/api/v1/hf-inference/models/double-chat/v1/chat/completions',
      '/api/v1/x/embeddings',
      '/api/v1/models?output_modalities=all',
    ])
  })

  it('tell what stands beside the answer', async () => {
    double.everyChat(
      openaiFixture(
        'openrouter: comments, repeated roles, null content, the finish repeated beside the usage',
      ),
    )
    const provider = withHooks({
      readMetadata: (chunk, headers) => {
        const { provider: upstream } = chunk as { provider?: string }
        return {
          ...(upstream !== undefined && { servedBy: upstream }),
          notices: [`as ${headers['content-type'] ?? ''}`],
          responseId: 'gen-1',
          model: 'really/this',
        }
      },
    })
    const { answer } = await outcomeOf(chatOf(provider, hello()))
    expect(answer.start).toMatchObject({ model: 'really/this', servedBy: 'P', responseId: 'gen-1' })
    expect(answer.warnings).toEqual([{ kind: 'notice', message: 'as text/event-stream; charset=utf-8' }])
  })

  it('have the first word about errors, also inside a stream', async () => {
    const provider = withHooks({
      explain: ({ body }) =>
        body.includes('Rate limit')
          ? { code: 'quota', message: 'mine', scope: 'account', until: 5_000 }
          : undefined,
    })
    double.everyChat(openaiFixture('openrouter: an error with a number as code'))
    expect((await outcomeOf(chatOf(provider, hello()))).error).toMatchObject({
      code: 'quota',
      message: 'mine',
      scope: 'account',
      until: 5_000,
    })
    double.everyChat(openaiFixture('refused: 503 overloaded'))
    expect((await outcomeOf(chatOf(provider, hello()))).error).toMatchObject({ code: 'unavailable' })
  })

  it('read lists of another form', async () => {
    const provider = withHooks({
      readModels: (answer) =>
        (answer as { data: { id: string }[] }).data.map(({ id }) => ({
          id: `my/${id}`,
          tasks: ['chat'],
          state: 'hosted',
          free: true,
        })),
    })
    expect((await provider.models(callContext())).map(({ id }) => id)).toContain('my/double-chat')
    expect(await provider.ready(callContext())).toMatchObject({ ready: true })
  })

  it('keep back ids that are not unique', async () => {
    const { answer } = await outcomeOf(chatOf(withHooks({ quirks: { uniqueResponseIds: false } }), hello()))
    expect(answer.start).not.toHaveProperty('responseId')
  })
})

describe('providerOptions', () => {
  it('go into the body as they are, but never decide how the answer is read', async () => {
    await outcomeOf(
      chatOf(
        withHooks({}),
        hello({ providerOptions: { double: { top_k: 7, stream: false }, other: { top_k: 9 } } }),
      ),
    )
    expect(lastBody()).toMatchObject({ top_k: 7, stream: true })
  })
})

describe('what the provider does not declare', () => {
  it('thinking is neither asked for nor passed on', async () => {
    double.everyChat({ pieces: [{ reasoning: 'hm' }, 'Hello.'] })
    const { answer } = await outcomeOf(
      chatOf(withHooks({}, { supports: { reasoning: false } }), hello({ reasoning: 'high' })),
    )
    expect(answer.reasoning).toBe('')
    expect(answer.text).toBe('Hello.')
    expect(answer.warnings).toMatchObject([{ option: 'reasoning' }])
    expect(lastBody()).not.toHaveProperty('reasoning_effort')
  })

  it('a card that denies something is believed before anything is sent', async () => {
    const provider = withHooks(
      {},
      { models: [{ id: 'double-chat', supports: { tools: false } }, 'double-embed'] },
    )
    const tools = [{ name: 'f', parameters: { type: 'object' } }]
    expect((await outcomeOf(chatOf(provider, hello({ tools })))).error).toMatchObject({
      code: 'unsupported',
      model: 'double-chat',
    })
    expect((await outcomeOf(chatOf(provider, hello({ model: 'double-embed' })))).error).toMatchObject({
      code: 'unsupported',
    })
    expect(
      await failureOf(() => provider.embed?.({ model: 'double-chat', inputs: ['a'] }, callContext())),
    ).toMatchObject({ code: 'unsupported' })
    expect(server.requests()).toEqual([])
  })
})
