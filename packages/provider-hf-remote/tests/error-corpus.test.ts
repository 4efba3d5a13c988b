import { type CallContext, type ChatEvent, isOpenMuxError, type Provider, systemClock } from '@openmux/core'
import { createHttpClient } from '@openmux/http'
import { serveHandlers, summarize } from '@openmux/testkit'
import {
  CORPUS_NOW,
  errorCaseFaults,
  errorCaseHandler,
  errorCorpus,
  type ErrorOutcome,
  type LabelledError,
} from '@openmux/testkit/corpus'
import { hfDouble } from '@openmux/testkit/hf-remote'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { explainRouter, hfEndpoint, hfRemote } from '../src/index.js'
import { callContext, CHAT_MODEL, EMBED_MODEL, hello, TOKEN } from './support/context.js'

const server = await serveHandlers(hfDouble({ token: TOKEN }).handlers)
const opened: Provider[] = []
const INFERENCE = /\/(?:chat\/completions|embeddings|embed|pipeline\/feature-extraction)$|\/api\/models$/
afterEach(async () => {
  server.reset()
  await Promise.all(opened.splice(0).map((one) => one.close()))
})
afterAll(() => server.close())

/** What the provider makes of these bytes when they come over HTTP; a fresh one, for it remembers lookups. */
async function meet(one: LabelledError): Promise<ErrorOutcome> {
  const { asked = 'chat' } = one
  server.use(errorCaseHandler(one, asked === 'model-lookup' ? /\/api\/models\/.+/ : INFERENCE))
  const provider = providerFor(one)
  opened.push(provider)
  const context = callContext({ clock: { ...systemClock, now: () => CORPUS_NOW } })
  if (asked === 'chat') return chatted(provider, one, context)
  const isByTheWay = asked === 'model-list' || asked === 'token-check'
  const work = isByTheWay ? askedByTheWay(context) : embedded(provider, one, context)
  return work.then(
    () => ({ error: undefined }),
    (error: unknown) => ({ error }),
  )
}

function providerFor({ provider, asked, model }: LabelledError): Provider {
  if (provider === 'hf-remote') return hfRemote({ baseURL: server.url, hubURL: server.url, token: TOKEN })
  return hfEndpoint({
    url: server.url,
    task: asked === 'embeddings' ? 'embeddings' : 'chat',
    model: model ?? (asked === 'embeddings' ? EMBED_MODEL : CHAT_MODEL),
    token: TOKEN,
    // A cold start is told at once instead of waited for.
    scaleUpTimeoutMs: 0,
  })
}

async function chatted(
  provider: Provider,
  { model = CHAT_MODEL }: LabelledError,
  context: CallContext,
): Promise<ErrorOutcome> {
  const events: ChatEvent[] = []
  try {
    for await (const event of provider.chat?.(hello({ model }), context) ?? []) events.push(event)
    return { error: undefined, text: summarize(events).text }
  } catch (error) {
    return { error, text: summarize(events).text }
  }
}

async function embedded(
  provider: Provider,
  { model = EMBED_MODEL }: LabelledError,
  context: CallContext,
): Promise<unknown> {
  return provider.embed?.({ model, inputs: ['The sea is wide.'] }, context)
}

/**
 * The hub's list and its check of the token: the provider goes on without them, so that their failures never come
 * out of its doors. They are read as it reads them, by its public table.
 */
async function askedByTheWay(context: CallContext): Promise<void> {
  const options = { provider: 'hf-remote', baseURL: server.url, apiKey: TOKEN, explain: explainRouter }
  const client = createHttpClient(options)
  try {
    await client.json({ path: '/api/models', context })
  } finally {
    await client.close()
  }
}

describe('every error answer of the corpus', () => {
  const cases = [...errorCorpus('hf-remote'), ...errorCorpus('hf-endpoint')]

  it.each(cases.map((one) => [one.id, one] as const))('%s', async (_id, one) => {
    const outcome = await meet(one)
    expect(errorCaseFaults(one, outcome)).toEqual([])
    expect(isOpenMuxError(outcome.error) && outcome.error.provider).toBe(one.provider)
    const { stack } = outcome.error as Error
    expect(`${JSON.stringify(outcome.error)}${stack}`).not.toContain(TOKEN)
  })

  it('there are at least 68 of them', () => expect(cases.length).toBeGreaterThanOrEqual(68))
})
