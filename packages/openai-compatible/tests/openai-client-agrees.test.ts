import { serveHandlers } from '@openmux/testkit'
import { isFailure, OPENAI_FIXTURES, openaiDouble } from '@openmux/testkit/openai'
import { APIError } from 'openai'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openaiCompatible } from '../src/index.js'
import { callContext, chatOf, hello, KEY, outcomeOf } from './support/context.js'
import { openaiClient, readByClient, streamedByClient } from './support/openai-reader.js'

const double = openaiDouble()
const server = await serveHandlers(double.handlers)
const options = { id: 'double', baseURL: `${server.url}/v1`, apiKey: KEY }
const streaming = openaiCompatible({ ...options, usageWaitMs: 100 })
const plain = openaiCompatible({ ...options, supports: { streaming: false } })
const client = openaiClient(options.baseURL, KEY)
afterAll(async () => {
  await Promise.all([streaming.close(), plain.close()])
  await server.close()
})
beforeEach(() => double.reset())

/** Whole answers that the `openai` client cannot read right by itself, and why. */
const CLIENT_CANNOT: Readonly<Record<string, string>> = {
  'silence after the finish reason': 'waits for the end of the body',
  'a cut connection after the finish reason': 'fails on the cut',
  'a whole answer in place of a stream': 'finds no event in it',
  'mistral: content as parts, thinking among them': 'types content as a text',
  'openrouter: thinking only in reasoning_details': 'knows no such member',
  'pieces without an index': 'needs the index',
  'every call has the index 0': 'goes by the index',
  'arguments as an object': 'types arguments as a text',
  'no arguments: an empty text': 'hands the empty text on',
  'the older function_call': 'leaves it to its caller',
  'together: finish reason eos': 'hands the word on',
  'finish reason stop after a call': 'hands the word on',
}

/** Broken streams that the `openai` client takes for whole: it has no notion of a missing end. */
const CLIENT_DOES_NOT_SEE = new Set([
  'a clean end without a finish reason',
  '[DONE] without a finish reason',
  'nothing at all',
  'finish reason error without an error',
  'plain: an error in a choice, with partial text',
  'plain: no finish reason',
  'a web page in place of a stream',
  'an error in a 200, as JSON in place of a stream',
])

const WHOLE = OPENAI_FIXTURES.filter(({ expected }) => !isFailure(expected))
const BROKEN = OPENAI_FIXTURES.filter(({ expected }) => isFailure(expected))

describe('the openai client and we read the same', () => {
  const both = WHOLE.filter(({ name }) => !(name in CLIENT_CANNOT))
  it.each(both.map((fixture) => [fixture.name, fixture] as const))('%s', async (_name, fixture) => {
    double.everyChat(fixture)
    const theirs = await (fixture.stream ? streamedByClient(client) : readByClient(client))
    const { answer, error } = await outcomeOf(chatOf(fixture.stream ? streaming : plain, hello()))
    expect(error).toBeUndefined()
    expect({ text: answer.text, reasoning: answer.reasoning, finish: answer.finish?.reason }).toEqual({
      text: theirs.text,
      reasoning: theirs.reasoning,
      finish: theirs.finish,
    })
    const calls = answer.toolCalls.map(({ name, arguments: text }) => ({ name, arguments: text }))
    expect(calls).toEqual(theirs.toolCalls.map(({ name, arguments: text }) => ({ name, arguments: text })))
    if (theirs.usage !== undefined) expect(answer.finish?.usage).toMatchObject(theirs.usage)
  })

  it('most of the whole answers are compared', () => expect(both.length).toBeGreaterThan(20))

  it.each(Object.entries(CLIENT_CANNOT))('only we read: %s (the client %s)', async (name) => {
    const fixture = WHOLE.find((one) => one.name === name)
    if (fixture === undefined) throw new Error(`there is no fixture "${name}"`)
    double.everyChat(fixture)
    const leaving = new AbortController()
    // The only one that would wait for ever: its stream ends when the test leaves it.
    const timer = name.startsWith('silence') ? setTimeout(() => leaving.abort(), 300) : undefined
    const theirs = await streamedByClient(client, {}, leaving.signal)
      .catch(() => undefined)
      .then((read) => (leaving.signal.aborted ? undefined : read))
    clearTimeout(timer)
    const { expected } = fixture
    const same =
      theirs !== undefined &&
      !isFailure(expected) &&
      theirs.text === expected.text &&
      theirs.reasoning === (expected.reasoning ?? '') &&
      theirs.finish === expected.finish &&
      JSON.stringify(theirs.toolCalls.map((call) => [call.name, call.arguments])) ===
        JSON.stringify((expected.toolCalls ?? []).map((call) => [call.name, call.arguments]))
    // If this fails, the client has learned to read it: compare it with the others.
    expect(same).toBe(false)
  })
})

describe('the openai client and we refuse the same', () => {
  const both = BROKEN.filter(({ name }) => !CLIENT_DOES_NOT_SEE.has(name))
  it.each(both.map((fixture) => [fixture.name, fixture] as const))('%s', async (_name, fixture) => {
    double.everyChat(fixture)
    const theirs = await (fixture.stream ? streamedByClient(client) : readByClient(client)).catch(
      (error: unknown) => error,
    )
    const { error } = await outcomeOf(chatOf(fixture.stream ? streaming : plain, hello()))
    expect(theirs).toBeInstanceOf(Error)
    expect(error).toBeDefined()
    if (theirs instanceof APIError && theirs.status !== undefined && fixture.status !== undefined) {
      expect(error?.upstream?.status).toBe(theirs.status)
    }
  })

  const unseen = BROKEN.filter(({ name }) => CLIENT_DOES_NOT_SEE.has(name))
  it.each(unseen.map((fixture) => [fixture.name, fixture] as const))(
    'only we refuse: %s',
    async (_name, fixture) => {
      double.everyChat(fixture)
      // If this fails, the client has learned to see it: compare it with the others.
      await expect(fixture.stream ? streamedByClient(client) : readByClient(client)).resolves.toBeDefined()
    },
  )

  it('most of the broken answers are compared', () => expect(both.length).toBeGreaterThan(15))
})

describe('embeddings', () => {
  it('the client asks for base64, we for numbers, and the vectors are the same', async () => {
    const input = ['The sea is wide.', 'A cat sleeps.', '世界 🌊']
    const theirs = await client.embeddings.create({ model: 'double-embed', input })
    const ours = await streaming.embed?.({ model: 'double-embed', inputs: input }, callContext())
    const asked = server
      .requests()
      .map(({ body }) => (JSON.parse(body) as { encoding_format?: string }).encoding_format)
    expect(asked.slice(-2)).toEqual(['base64', 'float'])
    const vectors = theirs.data.map(({ embedding }) => embedding)
    expect(ours?.vectors.length).toBe(vectors.length)
    for (const [row, vector] of vectors.entries()) {
      for (const [column, number] of vector.entries())
        expect(ours?.vectors[row]?.[column]).toBeCloseTo(number, 6)
    }
    expect(ours?.usage?.inputTokens).toBe(theirs.usage.prompt_tokens)
  })
})

describe('the list of models', () => {
  it('holds the same names for both', async () => {
    const theirs: string[] = []
    for await (const { id } of client.models.list()) theirs.push(id)
    const ours = await streaming.models(callContext())
    expect(ours.map(({ id }) => id)).toEqual(theirs)
  })
})
