import { describe, expect, it } from 'vitest'
import { memoryCache, withCache } from '../src/cache/index.js'
import { combine } from '../src/combine/index.js'
import {
  type ChatInput,
  type ChatStreamEvent,
  createOpenMux,
  type ErrorCode,
  type ModelCard,
  OpenMuxError,
  type Provider,
} from '../src/index.js'
import { readReplayable, replay } from '../src/replay/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock, settle } from './support/manual-clock.js'
import {
  answer,
  card,
  hangForEver,
  scripted,
  type ScriptedProvider,
  START,
  type Step,
  STOP,
  text,
} from './support/scripted-provider.js'

const SENTENCE = 'a small guide to OpenMux itself'
const guideCard = (more: Partial<ModelCard> = {}): ModelCard =>
  card('nano', { lastResort: SENTENCE, contextTokens: 512, ...more })
const guide = (more: Parameters<typeof scripted>[1] = {}): ScriptedProvider =>
  scripted('guide', { cards: [guideCard()], answers: [answer('Start ', 'Ollama.')], ...more })

const fault = (code: ErrorCode, more: Partial<ConstructorParameters<typeof OpenMuxError>[0]> = {}) =>
  new OpenMuxError({ code, message: code, ...more })
const failing = (id: string, code: ErrorCode = 'unavailable', more: Parameters<typeof fault>[1] = {}) =>
  scripted(id, { answers: [[fault(code, { next: 'elsewhere', scope: 'model', ...more })]] })
const absent = (id: string): ScriptedProvider =>
  scripted(id, { readiness: { ready: false, reason: 'is not there', remedies: ['Start it.'] } })

function mux(providers: Provider[], more: Partial<Parameters<typeof createOpenMux>[0]> = {}) {
  const clock = new ManualClock()
  return { clock, openmux: createOpenMux({ providers, clock, random: () => 0, ...more }) }
}
const answerOf = async (providers: Provider[], input: string | ChatInput = 'Hi') => {
  const { clock, openmux } = mux(providers)
  return clock.runUntil(openmux.chat(input))
}
const failureWith = async (providers: Provider[], input: string | ChatInput = 'Hi') => {
  const { clock, openmux } = mux(providers)
  return clock.runUntil(failureOf(openmux.chat(input)))
}

async function all(stream: AsyncIterable<ChatStreamEvent>): Promise<ChatStreamEvent[]> {
  const events: ChatStreamEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

describe('a model that declares itself a last resort', () => {
  it('answers when nobody else is there, and says what it is', async () => {
    const result = await answerOf([guide(), absent('other')])
    expect(result).toMatchObject({ provider: 'guide', text: 'Start Ollama.', lastResort: SENTENCE })
    expect(
      result.decision.candidates.map(({ provider, verdict, lastResort }) => [provider, verdict, lastResort]),
    ).toEqual([
      ['guide', 'answered', true],
      ['other', 'cut', undefined],
    ])
  })

  it('answers after everybody else has failed, and the result tells when they come back', async () => {
    const { clock, openmux } = mux([])
    const until = clock.now() + 5 * 3_600_000
    await openmux.close()
    const limited = failing('limited', 'quota', { until })
    const result = await answerOf([guide(), limited])
    expect(limited.asked).toHaveLength(1)
    expect(result).toMatchObject({ provider: 'guide', lastResort: SENTENCE })
    expect(result.attempts).toMatchObject([
      { provider: 'limited', code: 'quota', until, followedBy: { move: 'failover', provider: 'guide' } },
      { provider: 'guide', outcome: 'answered' },
    ])
  })

  it('also answers while the limits that the others met before last', async () => {
    const { clock, openmux } = mux([
      failing('limited', 'quota', { until: 1_800_000_000_000 + 3_600_000 }),
      guide(),
    ])
    await clock.runUntil(openmux.chat('Hi'))
    const again = await clock.runUntil(openmux.chat('Hi'))
    expect(again.attempts.map(({ provider }) => provider)).toEqual(['guide'])
    expect(again.decision.candidates).toContainEqual(
      expect.objectContaining({ provider: 'limited', verdict: 'cut', until: 1_800_003_600_000 }),
    )
  })

  it('is silent while anybody else answers', async () => {
    const silent = guide()
    const result = await answerOf([silent, failing('a'), scripted('b')])
    expect(result).toMatchObject({ provider: 'b', text: 'Hello' })
    expect(result.lastResort).toBeUndefined()
    expect(silent.asked).toEqual([])
    expect(result.decision.candidates.filter(({ verdict }) => verdict !== 'cut').at(-1)).toMatchObject({
      provider: 'guide',
      verdict: 'not-tried',
      lastResort: true,
    })
  })

  it('also answers what only looks like a request for code', async () => {
    const providers = [guide(), absent('other')]
    const openmux = createOpenMux({
      providers,
      classifier: () => ({ task: 'code', confidence: 1, reason: 'it names a program' }),
    })
    const result = await openmux.chat('How do I use my server with this?')
    expect(result).toMatchObject({ lastResort: SENTENCE, decision: { task: 'code' } })
  })

  it('is marked at the start of a stream', async () => {
    const { clock, openmux } = mux([absent('other'), guide()])
    const stream = openmux.stream('Hi')
    const events = await clock.runUntil(all(stream))
    expect(events[0]).toMatchObject({ type: 'start', provider: 'guide', lastResort: SENTENCE })
    expect(await stream.result()).toMatchObject({ text: 'Start Ollama.', lastResort: SENTENCE })
  })

  it('comes on top of the attempts that are allowed', async () => {
    const result = await answerOf([guide(), failing('a'), failing('b')], { prompt: 'Hi', maxAttempts: 2 })
    expect(result.attempts.map(({ provider }) => provider)).toEqual(['a', 'b', 'guide'])
  })

  it('does not answer while somebody is left for whom no attempt was allowed', async () => {
    const error = await failureWith([guide(), failing('a'), scripted('b')], { prompt: 'Hi', maxAttempts: 1 })
    expect(error.attempts?.map(({ provider }) => provider)).toEqual(['a'])
  })

  it('stands behind the other models of its own provider, in front of which it is listed', async () => {
    const both = scripted('both', { cards: [guideCard(), card('real')] })
    await answerOf([both])
    expect(both.asked.map(({ model }) => model)).toEqual(['real'])
  })

  it.each(['ordered', 'balanced', 'fast', 'best', 'private', 'free'] as const)(
    'is planned last under the policy %s, whatever is preferred',
    async (policy) => {
      const { openmux } = mux([guide(), scripted('a'), scripted('b', { cards: [card('b-1'), card('b-2')] })])
      for (const prefer of [['guide'], ['guide/nano'], ['nano'], []]) {
        const { candidates } = await openmux.explain({ prompt: 'Hi', policy, prefer })
        const planned = candidates.filter(({ verdict }) => verdict === 'planned')
        expect(planned.map(({ provider }) => provider)).toEqual(['a', 'b', 'b', 'guide'])
        expect(planned.at(-1)).toMatchObject({
          model: 'nano',
          lastResort: true,
          reasons: ['asked only when nobody else can answer', SENTENCE],
        })
      }
    },
  )

  it('does not lift its provider by being preferred', async () => {
    const both = scripted('both', { cards: [guideCard(), card('real')] })
    const result = await answerOf([scripted('a'), both], { prompt: 'Hi', prefer: ['nano'] })
    expect(result.provider).toBe('a')
  })
})

describe('what a last resort must not do', () => {
  const image: ChatInput = {
    messages: [{ role: 'user', content: [{ type: 'image', mediaType: 'image/png', base64: 'AAAA' }] }],
  }
  it.each<[string, ChatInput]>([
    ['write code', { prompt: 'Hi', task: 'code' }],
    ['call tools', { prompt: 'Hi', tools: [{ name: 'pay', parameters: {} }] }],
    ['give JSON', { prompt: 'Hi', responseFormat: { type: 'json' } }],
    ['follow a schema', { prompt: 'Hi', responseFormat: { type: 'json-schema', schema: {} } }],
    ['look at images', image],
    [
      'go on with the results of tools',
      {
        messages: [
          { role: 'user', content: 'Pay.' },
          { role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'pay', arguments: '{}' }] },
          { role: 'tool', toolCallId: '1', content: 'paid' },
        ],
      },
    ],
    ['answer a conversation that is longer than its window', { prompt: 'word '.repeat(4_000) }],
    ['answer below a floor', { prompt: 'Hi', minContextTokens: 1_000 }],
    ['answer a request that wants none', { prompt: 'Hi', lastResort: false }],
    ['answer for another model that was named', { prompt: 'Hi', model: 'gpt-7' }],
    ['answer for another provider that was named', { prompt: 'Hi', provider: 'other' }],
  ])('%s', async (_what, input) => {
    const silent = guide()
    const error = await failureWith([silent, failing('other')], input)
    expect(silent.asked).toEqual([])
    // As if it were not there.
    expect(error.message).not.toContain('nano')
  })

  it.each(['bad-request', 'content-filter', 'too-large', 'context-too-long'] as const)(
    'answer what was refused with %s',
    async (code) => {
      const silent = guide()
      const error = await failureWith([
        silent,
        scripted('a', { answers: [[fault(code, { next: 'elsewhere' })]] }),
        failing('b'),
      ])
      expect(silent.asked).toEqual([])
      expect(error.attempts).toHaveLength(2)
    },
  )

  it('embed', async () => {
    const { openmux } = mux([guide({ vectors: [] })])
    expect((await failureOf(openmux.embed('Hi'))).code).toBe('unsupported')
  })

  it('answer when the set-up wants none', async () => {
    const silent = guide()
    const { openmux } = mux([silent], { lastResort: false })
    expect((await failureOf(openmux.chat('Hi'))).code).toBe('no-candidate')
    expect(silent.asked).toEqual([])
    expect(await openmux.chat({ prompt: 'Hi', lastResort: true })).toMatchObject({ provider: 'guide' })
  })

  it('go on where a stream broke off, or take its place', async () => {
    for (const onBreak of ['continue', 'restart'] as const) {
      const silent = guide()
      const { clock, openmux } = mux([silent, scripted('a', { answers: [[START, text('Half a')]] })])
      const stream = openmux.stream({ prompt: 'Hi', onBreak })
      const error = await clock.runUntil(failureOf(all(stream)))
      expect(error.partial?.text).toBe('Half a')
      expect(silent.asked).toEqual([])
    }
  })

  it('take the place of a whole answer that broke off: what came is on the error', async () => {
    const silent = guide()
    const error = await failureWith([silent, scripted('a', { answers: [[START, text('Half a')]] })])
    expect(error).toMatchObject({ code: 'truncated', partial: { text: 'Half a' } })
    expect(silent.asked).toEqual([])
  })

  it('come before the second try at the only target after an empty answer', async () => {
    const empty: Step[] = [START, STOP]
    const result = await answerOf([guide(), scripted('a', { answers: [empty, answer('Now.')] })])
    expect(result).toMatchObject({ provider: 'a', text: 'Now.' })
  })

  it('come before a limit that ends soon, also for those who never want to wait', async () => {
    for (const impatient of [false, true]) {
      const { clock, openmux } = mux([
        guide(),
        scripted('a', {
          answers: [[fault('rate-limit', { until: 1_800_000_002_000 })], answer('Now.')],
        }),
      ])
      const result = await clock.runUntil(openmux.chat({ prompt: 'Hi', impatient }))
      expect(result).toMatchObject({ provider: 'a', text: 'Now.', durationMs: 2_000 })
    }
  })

  it('be waited for in place of a target that is only slow to begin', async () => {
    const late: Step = ({ clock }) => new Promise((resolve) => clock.after(60_000, resolve))
    const silent = guide()
    const result = await answerOf([
      silent,
      scripted('a', {
        locality: 'remote',
        hosts: ['a.example:443'],
        answers: [[START, late, text('At last.'), STOP]],
      }),
    ])
    expect(result).toMatchObject({ provider: 'a', text: 'At last.' })
    expect(silent.asked).toEqual([])
  })

  it('be raced against a late favourite', async () => {
    const late: Step = ({ clock }) => new Promise((resolve) => clock.after(20_000, resolve))
    const silent = guide()
    const { clock, openmux } = mux([
      silent,
      scripted('a', {
        answers: [...Array.from({ length: 20 }, () => answer('Fast.')), [START, late, text('Late.'), STOP]],
      }),
    ])
    for (let turn = 0; turn < 20; turn += 1) await clock.runUntil(openmux.chat('Hi'))
    expect(await clock.runUntil(openmux.chat('Hi'))).toMatchObject({ provider: 'a', text: 'Late.' })
    expect(silent.asked).toEqual([])
  })

  it('judge the health of its provider, however it fails', async () => {
    const both = scripted('both', {
      cards: [card('real'), guideCard()],
      answers: [
        [fault('unavailable', { next: 'elsewhere', scope: 'model' })],
        [fault('needs-setup', { scope: 'provider' })],
        answer('Back.'),
      ],
    })
    const { clock, openmux } = mux([both])
    const error = await clock.runUntil(failureOf(openmux.chat('Hi')))
    expect(error.attempts?.map(({ model }) => model)).toEqual(['real', 'nano'])
    await clock.advance(3_600_000)
    expect(await clock.runUntil(openmux.chat('Hi'))).toMatchObject({ model: 'model-1', text: 'Back.' })
    expect(both.asked.at(-1)?.model).toBe('real')
  })

  it('hide by its own failure why nobody could answer', async () => {
    const broken = guide({ answers: [[fault('needs-setup', { message: 'weights are damaged' })]] })
    const alone = await failureWith([broken, absent('other')])
    expect(alone).toMatchObject({
      code: 'no-candidate',
      attempts: [{ provider: 'guide', code: 'needs-setup' }],
    })
    expect(alone.message).toContain('other: is not there')
    const behind = await failureWith([broken, failing('a', 'auth')])
    expect(behind).toMatchObject({ code: 'auth', provider: 'a' })
    expect(behind.attempts?.map(({ provider }) => provider)).toEqual(['a', 'guide'])
  })

  it('be asked twice in one request', async () => {
    const broken = guide({ answers: [[fault('unavailable', { next: 'here' })]] })
    await failureWith([broken])
    expect(broken.asked).toHaveLength(1)
  })

  it('write the summary of its own conversation', async () => {
    const only = guide()
    const turn = (content: string) => [
      { role: 'user' as const, content },
      { role: 'assistant' as const, content: 'word '.repeat(300) },
    ]
    const result = await answerOf([only], {
      messages: [...turn('One?'), ...turn('Two?'), { role: 'user', content: 'Three?' }],
      history: 'summarise',
    })
    expect(only.asked).toHaveLength(1)
    expect(result.warnings.map(({ message }) => message).join()).toContain('left out')
  })
})

describe('a last resort that is named', () => {
  it('answers like any other model, and is marked all the same', async () => {
    const named = guide()
    const { openmux } = mux([scripted('a'), named])
    for (const input of [{ model: 'nano' }, { model: 'guide/nano' }, { model: 'nano', lastResort: false }])
      expect(await openmux.chat({ prompt: 'Hi', ...input })).toMatchObject({
        provider: 'guide',
        lastResort: SENTENCE,
      })
  })

  it('also answers last for its own provider alone', async () => {
    const { openmux } = mux([scripted('a'), guide()])
    expect(await openmux.chat({ prompt: 'Hi', provider: 'guide' })).toMatchObject({ lastResort: SENTENCE })
  })
})

describe('its answers elsewhere', () => {
  it('are not kept, and not shared among equal requests', async () => {
    const only = guide({ answers: [answer('one'), answer('two'), answer('three'), answer('four')] })
    const cached = withCache(createOpenMux({ providers: [only] }), { cache: memoryCache() })
    const together = await Promise.all([cached.chat('Hi'), cached.chat('Hi')])
    expect(together.map(({ cached: mark }) => mark)).toEqual([undefined, undefined])
    expect(together[0]?.text).not.toBe(together[1]?.text)
    const streams = await Promise.all([cached.stream('Hi').result(), cached.stream('Hi').result()])
    expect(streams.map(({ cached: mark }) => mark)).toEqual([undefined, undefined])
    expect(only.asked).toHaveLength(4)
    expect(await cached.clearCache()).toBe(0)
  })

  it('are not taken out of a cache that another program filled', async () => {
    const cache = memoryCache()
    const kept = { real: true }
    const spy = {
      ...cache,
      get: async (key: string) => {
        const entry = await cache.get(key)
        if (entry === undefined || !kept.real) return entry
        const value = entry.value as { result: object }
        return { ...entry, value: { ...value, result: { ...value.result, lastResort: SENTENCE } } }
      },
    }
    const openmux = withCache(
      createOpenMux({ providers: [scripted('a', { answers: [answer('one'), answer('two')] })] }),
      {
        cache: spy,
      },
    )
    await openmux.chat('Hi')
    await settle()
    expect((await openmux.chat('Hi')).text).toBe('two')
    kept.real = false
    expect((await openmux.chat('Hi')).cached).toBeDefined()
  })

  it('are no part of a panel while others are there', async () => {
    const silent = guide()
    const openmux = createOpenMux({ providers: [silent, scripted('a'), scripted('b')] })
    const voted = await combine(openmux, 'Hi', { strategy: 'vote', answers: 3 })
    expect(voted.members.map(({ provider }) => provider)).toEqual(['a', 'b'])
    const judged = await combine(openmux, 'Hi', { strategy: 'summary', answers: 2 })
    expect(judged.judge?.provider).not.toBe('guide')
    expect(silent.asked).toEqual([])
    expect(voted.lastResort).toBeUndefined()
  })

  it('are all a panel has when nobody else is there, and say so', async () => {
    const openmux = createOpenMux({ providers: [absent('a'), guide()] })
    const first = await combine(openmux, 'Hi', { strategy: 'first' })
    expect(first).toMatchObject({ provider: 'guide', lastResort: SENTENCE })
  })

  it('stay last when a decision is replayed under other rules', async () => {
    const { openmux } = mux([guide(), scripted('a'), scripted('b')])
    const record = readReplayable(JSON.parse(JSON.stringify(await openmux.explain('Hi'))))
    for (const policy of ['fast', 'private', 'best'] as const) {
      const [replayed] = replay([record], { policy, order: ['guide', 'b'] }).replayed
      const tried = replayed?.candidates.filter(({ cut }) => cut === undefined)
      expect(tried?.map(({ provider }) => provider)).toEqual(['b', 'a', 'guide'])
    }
    expect(replay([record]).replayed[0]?.same).toBe(true)
    const [narrow] = replay([record], { policy: { floors: { minContextTokens: 1_000 } } }).replayed
    expect(narrow?.candidates.find(({ provider }) => provider === 'guide')?.cut).toContain('window')
  })
})

it('refuses a switch that is none', async () => {
  const { openmux } = mux([guide()])
  // @ts-expect-error: as a program without types would give it
  expect(await failureOf(openmux.chat({ prompt: 'Hi', lastResort: 'no' }))).toMatchObject({
    code: 'bad-request',
    field: 'lastResort',
  })
  // @ts-expect-error: as a program without types would give it
  expect(() => createOpenMux({ providers: [], lastResort: 'no' })).toThrow('lastResort must be true or false')
})

it('can be left at any time', async () => {
  const { clock, openmux } = mux([guide({ answers: [[START, hangForEver]] })])
  const controller = new AbortController()
  const work = failureOf(openmux.chat({ prompt: 'Hi', signal: controller.signal }))
  await settle()
  controller.abort()
  expect(await clock.runUntil(work)).toMatchObject({ code: 'aborted' })
})
