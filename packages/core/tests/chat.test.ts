import { describe, expect, it } from 'vitest'
import { createOpenMux, OpenMuxError } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock } from './support/manual-clock.js'
import { answer, card, scripted, START, STOP, text } from './support/scripted-provider.js'

const down = (): OpenMuxError =>
  new OpenMuxError({ code: 'network', message: 'connection refused', scope: 'endpoint' })

describe('a chat request', () => {
  it('is answered by the first provider, and the result says by whom, how long and why', async () => {
    const first = scripted('first')
    const second = scripted('second')
    const openmux = createOpenMux({ providers: [first, second] })
    const result = await openmux.chat('Hi')
    expect(result).toMatchObject({
      text: 'Hello',
      provider: 'first',
      model: 'model-1',
      finishReason: 'stop',
      rawFinishReason: 'stop',
      usage: { inputTokens: 3, outputTokens: 2 },
    })
    expect(result.attempts).toHaveLength(1)
    expect(result.attempts[0]).toMatchObject({ provider: 'first', model: 'model-1', outcome: 'answered' })
    expect(result.decision.candidates.map(({ provider, verdict }) => [provider, verdict])).toEqual([
      ['first', 'answered'],
      ['second', 'not-tried'],
    ])
    expect(second.asked).toHaveLength(0)
  })

  it('hands the provider the generation options and the floor, not the other routing options', async () => {
    const provider = scripted('only')
    await createOpenMux({ providers: [provider] }).chat({
      prompt: 'Hi',
      system: 'Be brief',
      temperature: 0,
      maxTokens: 5,
      provider: 'only',
      localOnly: true,
    })
    expect(provider.asked[0]).toEqual({
      model: 'model-1',
      messages: [
        { role: 'system', content: 'Be brief' },
        { role: 'user', content: 'Hi' },
      ],
      temperature: 0,
      maxTokens: 5,
      localOnly: true,
    })
  })

  it('goes to the next provider when the first fails, and lists both attempts', async () => {
    const openmux = createOpenMux({
      providers: [scripted('first', { answers: [[down()]] }), scripted('second')],
    })
    const result = await openmux.chat('Hi')
    expect(result.provider).toBe('second')
    expect(result.attempts.map(({ provider, outcome, code }) => [provider, outcome, code])).toEqual([
      ['first', 'failed', 'network'],
      ['second', 'answered', undefined],
    ])
  })

  it('starts anew elsewhere when a whole answer is cut in the middle: no piece of the first is left', async () => {
    const cut = scripted('first', { answers: [[START, text('Once upon ')]] })
    const result = await createOpenMux({
      providers: [cut, scripted('second', { answers: [answer('The ', 'sea.')] })],
    }).chat('Hi')
    expect(result.text).toBe('The sea.')
    expect(result.attempts[0]).toMatchObject({ code: 'truncated' })
  })

  it('tells about a failed attempt before the next one answers', async () => {
    const told: string[] = []
    const second = scripted('second', { answers: [[() => void told.push('second asked'), ...answer('Hi')]] })
    await createOpenMux({ providers: [scripted('first', { answers: [[down()]] }), second] }).chat({
      prompt: 'Hi',
      onFailedAttempt: ({ provider, followedBy }) =>
        told.push(
          `${provider} failed, then ${followedBy?.move === 'failover' ? followedBy.provider : 'nothing'}`,
        ),
    })
    expect(told).toEqual(['first failed, then second', 'second asked'])
  })

  it('does not fail over for a fault of the request itself', async () => {
    const second = scripted('second')
    const refused = new OpenMuxError({ code: 'content-filter', message: 'no' })
    const error = await failureOf(
      createOpenMux({ providers: [scripted('first', { answers: [[refused]] }), second] }).chat('Hi'),
    )
    expect(error.code).toBe('content-filter')
    expect(error.attempts).toHaveLength(1)
    expect(second.asked).toHaveLength(0)
  })

  it('says all-failed with every attempt, the earliest time that may help and the longest partial text', async () => {
    const clock = new ManualClock()
    const until = clock.now() + 60_000
    const limited = new OpenMuxError({ code: 'rate-limit', message: 'slow down', until, scope: 'account' })
    const openmux = createOpenMux({
      clock,
      providers: [
        scripted('first', { answers: [[limited]] }),
        scripted('second', { answers: [[START, text('Half an')]] }),
      ],
    })
    const error = await clock.runUntil(failureOf(openmux.chat('Hi')))
    expect(error).toMatchObject({ code: 'all-failed', until, partial: { text: 'Half an' } })
    expect(error.attempts?.map(({ code }) => code)).toEqual(['rate-limit', 'truncated', 'truncated'])
    expect(error.message).toContain('slow down')
    expect(error.remedies).toHaveLength(2)
  })

  it('keeps the error of a single candidate as it is', async () => {
    const missing = new OpenMuxError({
      code: 'model-not-found',
      message: 'no such model',
      hint: 'ollama pull x',
    })
    const error = await failureOf(
      createOpenMux({ providers: [scripted('only', { answers: [[missing]] })] }).chat('Hi'),
    )
    expect(error).toBe(missing)
    expect(error).toMatchObject({ provider: 'only', model: 'model-1', hint: 'ollama pull x' })
  })

  it('tries a second model of a provider when only the first model is at fault, and leaves a broken provider at once', async () => {
    const cards = [card('big'), card('small')]
    const outOfMemory = new OpenMuxError({ code: 'unavailable', message: 'out of memory', scope: 'model' })
    const first = scripted('first', { cards, answers: [[outOfMemory], answer('small speaks')] })
    expect(
      (await createOpenMux({ providers: [first] }).chat('Hi')).attempts.map(({ model }) => model),
    ).toEqual(['big', 'small'])

    const broken = scripted('broken', { cards, answers: [[down()]] })
    const result = await createOpenMux({ providers: [broken, scripted('second')] }).chat('Hi')
    expect(result.attempts.map(({ provider }) => provider)).toEqual(['broken', 'second'])
  })

  it('treats anything else a provider throws as that provider’s fault', async () => {
    const result = await createOpenMux({
      providers: [scripted('odd', { answers: [[new TypeError('x is not a function')]] }), scripted('second')],
    }).chat('Hi')
    expect(result.attempts[0]).toMatchObject({ code: 'unavailable' })
  })

  it('marks usage as estimated when the back end tells none', async () => {
    const quiet = scripted('quiet', {
      answers: [[START, text('Hello there'), { type: 'finish', reason: 'stop' }]],
    })
    const { usage } = await createOpenMux({ providers: [quiet] }).chat('Hi')
    expect(usage).toMatchObject({ estimated: true, outputTokens: 3 })
  })

  it('serves a hundred requests at once without mixing them', async () => {
    const echo = scripted('echo')
    const chat = echo.chat
    echo.chat = async function* (request, context) {
      const last = request.messages.at(-1)
      for await (const event of chat?.(request, context) ?? [])
        yield event.type === 'text' ? text(typeof last?.content === 'string' ? last.content : '') : event
    }
    const openmux = createOpenMux({ providers: [echo] })
    const texts = Array.from({ length: 100 }, (_, index) => `number ${index}`)
    const results = await Promise.all(texts.map(async (prompt) => (await openmux.chat(prompt)).text))
    expect(results).toEqual(texts)
  })

  it('answers again and again on one object', async () => {
    const openmux = createOpenMux({
      providers: [scripted('only', { answers: [[START, text('one'), STOP], [down()], answer('three')] })],
    })
    expect((await openmux.chat('1')).text).toBe('one')
    expect((await failureOf(openmux.chat('2'))).code).toBe('network')
    expect((await openmux.chat('3')).text).toBe('three')
  })
})
