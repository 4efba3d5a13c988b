import { serveHandlers } from '@openmux/testkit'
import { errorCaseHandler, errorCorpus } from '@openmux/testkit/corpus'
import { isFailure } from '@openmux/testkit/openai'
import { OPENROUTER_ANSWERS, OPENROUTER_BROKEN, openrouterDouble } from '@openmux/testkit/openrouter'
import { APIError } from 'openai'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { callContext, EMBED_MODEL, hello, KEY, MODEL, outcomeOf } from './support/context.js'
import { openaiClient, readByClient } from './support/openai-client.js'

const double = openrouterDouble({ apiKey: KEY })
const server = await serveHandlers(double.handlers)
const baseURL = `${server.url}/api/v1`
const provider = openrouter({ baseURL, apiKey: KEY, environment: {} })
const client = openaiClient(baseURL, KEY)
afterAll(async () => {
  await provider.close()
  await server.close()
})
beforeEach(() => {
  double.reset()
  server.reset()
})

/** Whole answers that the `openai` client cannot read right by itself, and why. */
const CLIENT_CANNOT: Readonly<Record<string, string>> = {
  'stream: a whole answer as JSON where a stream was asked for': 'finds no event in it',
}

/** Broken answers that the `openai` client takes for whole: it has no notion of a missing end. */
const CLIENT_DOES_NOT_SEE = new Set([
  'broken: an error in the choice, beside partial text',
  'broken: the finish reason error without a reason',
  'broken: the end mark without a finish reason',
  'broken: a web page with the status 200',
])

const ours = async (): ReturnType<typeof outcomeOf> => outcomeOf(provider.chat(hello(), callContext()))

describe('the openai client and we read the same', () => {
  const both = OPENROUTER_ANSWERS.filter(({ name }) => !(name in CLIENT_CANNOT))
  it.each(both.map((fixture) => [fixture.name, fixture] as const))('%s', async (_name, fixture) => {
    double.everyChat(fixture)
    const theirs = await readByClient(client, MODEL, fixture.stream)
    const { answer, error } = await ours()
    expect(error).toBeUndefined()
    expect({
      text: answer.text,
      finish: answer.finish?.reason,
      toolCalls: answer.toolCalls.map((call) => ({ name: call.name, arguments: call.arguments })),
    }).toEqual({ text: theirs.text, finish: theirs.finish, toolCalls: theirs.toolCalls })
    if (theirs.usage !== undefined) expect(answer.finish?.usage).toMatchObject(theirs.usage)
  })

  it('a scripted text and a scripted tool call', async () => {
    const call = { name: 'get_weather', argumentsText: '{"city":"Zürich 🌊"}' }
    for (const pieces of [['Grüße ', '🌊'], [{ call }]]) {
      double.everyChat({ pieces })
      const theirs = await readByClient(client, MODEL, true)
      const { answer } = await ours()
      expect(answer.text).toBe(theirs.text)
      expect(answer.toolCalls.map((one) => [one.name, one.arguments])).toEqual(
        theirs.toolCalls.map((one) => [one.name, one.arguments]),
      )
      expect(answer.finish?.reason).toBe(theirs.finish)
    }
  })

  it.each(Object.entries(CLIENT_CANNOT))('only we read: %s (the client %s)', async (name) => {
    const fixture = OPENROUTER_ANSWERS.find((one) => one.name === name)
    if (fixture === undefined || isFailure(fixture.expected)) throw new Error(`no fixture "${name}"`)
    double.everyChat(fixture)
    const theirs = await readByClient(client, MODEL, fixture.stream).catch(() => undefined)
    // If this fails, the client has learned to read it: compare it with the others.
    expect(theirs?.text).not.toBe(fixture.expected.text)
    expect((await ours()).answer.text).toBe(fixture.expected.text)
  })
})

describe('the openai client and we refuse the same', () => {
  const broken = OPENROUTER_BROKEN.filter(({ name }) => !CLIENT_DOES_NOT_SEE.has(name))
  it.each(broken.map((fixture) => [fixture.name, fixture] as const))('%s', async (_name, fixture) => {
    double.everyChat(fixture)
    await expect(readByClient(client, MODEL, fixture.stream)).rejects.toBeInstanceOf(Error)
    expect((await ours()).error).toBeDefined()
  })

  it.each([...CLIENT_DOES_NOT_SEE])('only we refuse: %s', async (name) => {
    const fixture = OPENROUTER_BROKEN.find((one) => one.name === name)
    if (fixture === undefined) throw new Error(`there is no fixture "${name}"`)
    double.everyChat(fixture)
    // If this fails, the client has learned to see it: compare it with the others.
    await expect(readByClient(client, MODEL, fixture.stream)).resolves.toBeDefined()
    expect((await ours()).error).toBeDefined()
  })

  const statuses = errorCorpus('openrouter').filter(
    ({ appears, asked, status }) => appears === 'status' && asked === undefined && status >= 400,
  )
  it.each(statuses.map((one) => [one.id, one] as const))('with the same status: %s', async (_id, one) => {
    server.use(errorCaseHandler(one, '*/chat/completions'))
    const theirs = await readByClient(client, MODEL, true).catch((error: unknown) => error)
    const { error } = await ours()
    expect(theirs).toBeInstanceOf(APIError)
    expect(error?.upstream?.status).toBe((theirs as APIError).status)
  })
})

it('embeddings: the client asks for base64, we for numbers, and the vectors are the same', async () => {
  const input = ['The sea is wide.', 'A cat sleeps.', '世界 🌊']
  const theirs = await client.embeddings.create({ model: EMBED_MODEL, input })
  const { vectors } = await provider.embed({ model: EMBED_MODEL, inputs: input }, callContext())
  expect(vectors).toHaveLength(theirs.data.length)
  for (const [row, { embedding }] of theirs.data.entries()) {
    expect(vectors[row]).toHaveLength(embedding.length)
    for (const [column, number] of embedding.entries()) expect(vectors[row]?.[column]).toBeCloseTo(number, 6)
  }
})

it('models: every name of our list is one of theirs', async () => {
  const theirs = new Set<string>()
  for await (const { id } of client.models.list()) theirs.add(id)
  const chats = (await provider.models(callContext())).filter(({ tasks }) => tasks.includes('chat'))
  expect(chats.length).toBeGreaterThan(3)
  for (const { id } of chats) expect(theirs.has(id), id).toBe(true)
})
