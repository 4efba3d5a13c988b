import type { OpenMuxError } from '@openmux/core'
import { type Answer, serveHandlers } from '@openmux/testkit'
import { errorCaseHandler, errorCorpus } from '@openmux/testkit/corpus'
import { isFailure, OPENAI_FIXTURES } from '@openmux/testkit/openai'
import { hfDouble } from '@openmux/testkit/hf-remote'
import { APIError } from 'openai'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { hfRemote } from '../src/index.js'
import { ask, callContext, CHAT_MODEL, embedding, failureOf, TOKEN } from './support/context.js'
import { openaiClient, readByClient } from './support/openai-client.js'

const double = hfDouble({ token: TOKEN })
const server = await serveHandlers(double.handlers)
const provider = hfRemote({ baseURL: server.url, hubURL: server.url, token: TOKEN })
const client = openaiClient(`${server.url}/v1`, TOKEN)
afterAll(async () => {
  await provider.close()
  await server.close()
})
beforeEach(() => {
  double.reset()
  server.reset()
})

const STREAMS = OPENAI_FIXTURES.filter(({ stream, frames }) => stream && frames !== undefined)

/** Whole streams that the `openai` client cannot read right by itself; see the test of the format for the reasons. */
const CLIENT_CANNOT = new Set([
  'silence after the finish reason',
  'a cut connection after the finish reason',
  'mistral: content as parts, thinking among them',
  'pieces without an index',
  'every call has the index 0',
  'arguments as an object',
  'no arguments: an empty text',
  'the older function_call',
  'together: finish reason eos',
  'finish reason stop after a call',
])

/** Broken streams that the `openai` client takes for whole. */
const CLIENT_DOES_NOT_SEE = new Set([
  'a clean end without a finish reason',
  '[DONE] without a finish reason',
  'nothing at all',
  'finish reason error without an error',
])

const refused = (): Promise<OpenMuxError> => failureOf((): Promise<Answer> => ask(provider))

describe('the openai client and we read the same', () => {
  const whole = STREAMS.filter(({ name, expected }) => !isFailure(expected) && !CLIENT_CANNOT.has(name))
  it.each(whole.map((fixture) => [fixture.name, fixture] as const))('%s', async (_name, fixture) => {
    double.chat.everyChat(fixture)
    const theirs = await readByClient(client, CHAT_MODEL, true)
    const answer = await ask(provider)
    expect({
      text: answer.text,
      finish: answer.finish?.reason,
      toolCalls: answer.toolCalls.map((call) => ({ name: call.name, arguments: call.arguments })),
    }).toEqual({ text: theirs.text, finish: theirs.finish, toolCalls: theirs.toolCalls })
    if (theirs.usage !== undefined) expect(answer.finish?.usage).toMatchObject(theirs.usage)
  })

  it('most of the whole streams are compared', () => expect(whole.length).toBeGreaterThan(15))
})

describe('the openai client and we refuse the same', () => {
  const broken = STREAMS.filter(({ name, expected }) => isFailure(expected) && !CLIENT_DOES_NOT_SEE.has(name))
  it.each(broken.map((fixture) => [fixture.name, fixture] as const))('%s', async (_name, fixture) => {
    double.chat.everyChat(fixture)
    await expect(readByClient(client, CHAT_MODEL, true)).rejects.toBeInstanceOf(Error)
    expect(await refused()).toMatchObject({ provider: 'hf-remote' })
  })

  it.each([...CLIENT_DOES_NOT_SEE])('only we refuse: %s', async (name) => {
    const fixture = STREAMS.find((one) => one.name === name)
    if (fixture === undefined) throw new Error(`there is no fixture "${name}"`)
    double.chat.everyChat(fixture)
    // If this fails, the client has learned to see it: compare it with the others.
    await expect(readByClient(client, CHAT_MODEL, true)).resolves.toBeDefined()
    expect(await refused()).toMatchObject({ provider: 'hf-remote' })
  })

  // A model that the router refuses is looked up at the hub, whose answer then stands on the error.
  const statuses = errorCorpus('hf-remote').filter(
    ({ appears, asked, status, model }) =>
      appears === 'status' && asked === undefined && status >= 400 && model === undefined,
  )
  it.each(statuses.map((one) => [one.id, one] as const))('with the same status: %s', async (_id, one) => {
    server.use(errorCaseHandler(one, '*/chat/completions'))
    const theirs = await readByClient(client, CHAT_MODEL, true).catch((error: unknown) => error)
    expect(theirs).toBeInstanceOf(APIError)
    expect((await refused()).upstream?.status).toBe((theirs as APIError).status)
  })
})

it('embeddings of a partner, which speaks the format: the vectors are the same', async () => {
  const input = ['The sea is wide.', 'A cat sleeps.', '世界 🌊']
  const partner = openaiClient(`${server.url}/deepinfra/v1/openai`, TOKEN)
  const theirs = await partner.embeddings.create({
    model: 'BAAI/bge-m3-multi',
    input,
    encoding_format: 'float',
  })
  const { vectors } = await embedding(provider, input, 'BAAI/bge-m3')
  expect(vectors).toHaveLength(theirs.data.length)
  for (const [row, vector] of theirs.data.entries()) {
    expect(vectors[row]).toHaveLength(vector.embedding.length)
    for (const [column, number] of vector.embedding.entries())
      expect(vectors[row]?.[column]).toBeCloseTo(number, 6)
  }
})

it('models: every chat model of our list is one of theirs', async () => {
  const theirs = new Set<string>()
  for await (const { id } of client.models.list()) theirs.add(id)
  const chats = (await provider.models(callContext())).filter(({ tasks }) => tasks.includes('chat'))
  expect(chats.length).toBeGreaterThan(2)
  for (const { id } of chats) expect(theirs.has(id.replace(/:.*$/, '')), id).toBe(true)
})
