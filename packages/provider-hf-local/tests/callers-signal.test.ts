import { getEventListeners } from 'node:events'
import { afterEach, expect, it } from 'vitest'
import { ask, cleanUp, context, EMBED, failureOf, filledCache, provider } from './support.js'

afterEach(cleanUp)

/** Listeners, and the signals Node itself keeps for `AbortSignal.any`, which no listener shows. */
function attached(signal: AbortSignal): number {
  const followers = Object.getOwnPropertySymbols(signal)
    .filter((key) => key.description === 'kDependantSignals')
    .reduce((sum, key) => sum + Number(Reflect.get(Object(Reflect.get(signal, key)), 'size')), 0)
  return getEventListeners(signal, 'abort').length + followers
}

it('the look at a signal sees what AbortSignal.any attaches', () => {
  const { signal } = new AbortController()
  expect(attached(signal)).toBe(0)
  const both = AbortSignal.any([signal, new AbortController().signal])
  both.addEventListener('abort', () => undefined)
  expect(attached(signal)).toBe(1)
})

it('a signal that a caller keeps for all its calls gathers nothing', async () => {
  const from = provider({ offline: true, cacheFolder: await filledCache() })
  const kept = context()
  for (let round = 0; round < 3; round += 1) {
    await ask(from, 'hello', { maxTokens: 1 }, kept)
    await from.embed({ model: EMBED, inputs: ['hello'] }, kept)
    await from.models(kept)
    await from.recommend({ task: 'chat', capabilities: [] }, kept)
    await from.ready(kept)
    await from.download(EMBED, { signal: kept.signal })
  }
  await failureOf(ask(from, 'hello', { model: 'nobody/has-this' }, kept))
  await failureOf(from.embed({ model: 'nobody/has-this', inputs: ['hello'] }, kept))
  // A caller that leaves the loop in the middle of the answer.
  for await (const event of from.chat(
    { model: 'openmux-test/tiny-chat', messages: [{ role: 'user', content: 'hello' }] },
    kept,
  ))
    if (event.type === 'text') break
  expect(attached(kept.signal)).toBe(0)
})
