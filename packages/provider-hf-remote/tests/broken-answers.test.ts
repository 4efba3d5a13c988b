import type { Provider } from '@openmux/core'
import { serveHandlers, streamBody } from '@openmux/testkit'
import { hfDouble } from '@openmux/testkit/hf-remote'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { hfRemote } from '../src/index.js'
import { ask, callContext, embedding, failureOf, TOKEN } from './support/context.js'

const double = hfDouble({ token: TOKEN })
const server = await serveHandlers(double.handlers)
const opened: Provider[] = []
afterEach(async () => {
  server.reset()
  await Promise.all(opened.splice(0).map((one) => one.close()))
})
afterAll(() => server.close())

function remote(): Provider {
  const provider = hfRemote({ baseURL: server.url, hubURL: server.url, token: TOKEN })
  opened.push(provider)
  return provider
}

const JSON_TYPE = { 'content-type': 'application/json' }

describe('a success that is none', () => {
  it.each([
    ['nothing at all', () => new HttpResponse('', { headers: JSON_TYPE })],
    [
      'a web page',
      () =>
        new HttpResponse('<!DOCTYPE html><title>Sign in</title>', {
          headers: { 'content-type': 'text/html' },
        }),
    ],
    ['half a JSON', () => new HttpResponse('{"object":"li', { headers: JSON_TYPE })],
    ['a number', () => HttpResponse.json(7)],
  ] as const)('%s is `bad-response` for chat, embeddings and models', async (_name, answer) => {
    server.use(http.post('*', answer), http.get('*/v1/models', answer))
    const provider = remote()
    for (const work of [
      () => ask(provider),
      () => embedding(provider),
      () => provider.models(callContext()),
    ]) {
      expect(await failureOf(work)).toMatchObject({ code: 'bad-response', provider: 'hf-remote' })
    }
  })

  it('a list of models that holds something else is empty, and no card is invented', async () => {
    server.use(
      http.get('*/v1/models', () =>
        HttpResponse.json({ object: 'list', data: [null, 3, { id: 7 }, { id: 'a/b' }] }),
      ),
    )
    const cards = await remote().models(callContext())
    expect(cards.filter(({ tasks }) => tasks.includes('chat'))).toEqual([])
  })

  it('an answer that never ends is given up at a limit', async () => {
    const megabyte = '1,'.repeat(524_288)
    const endless = (): Response =>
      new HttpResponse(streamBody(['[', ...Array.from({ length: 80 }, () => megabyte)], 'stall'), {
        headers: JSON_TYPE,
      })
    server.use(http.post('*', endless))
    expect(await failureOf(() => embedding(remote()))).toMatchObject({ code: 'too-large' })
  })

  it('an error in the middle of a stream is thrown with its meaning', async () => {
    const error = { error: 'You have depleted your monthly included credits.' }
    double.chat.everyChat({ pieces: ['half an '], error })
    const failure = await failureOf(() => ask(remote()))
    double.reset()
    expect(failure).toMatchObject({ code: 'credits', scope: 'account' })
    expect(typeof failure.until).toBe('number')
  })
})
