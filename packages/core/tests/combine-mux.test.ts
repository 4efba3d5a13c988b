import { describe, expect, it } from 'vitest'
import {
  combine,
  type CombineChatOptions,
  CombineFailure,
  type CombinedResult,
  combineStream,
  type CombineStream,
  type CombineStreamEvent,
} from '../src/combine/index.js'
import { type ChatInput, createOpenMux, OpenMuxError, type Provider } from '../src/index.js'
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

const says = (id: string, said: string, more: Parameters<typeof scripted>[1] = {}): ScriptedProvider =>
  scripted(id, { answers: [answer(said)], ...more })
const down = (id: string): ScriptedProvider =>
  scripted(id, { answers: [[new OpenMuxError({ code: 'unavailable', message: 'down', scope: 'model' })]] })
const mux = (...providers: Provider[]) => createOpenMux({ providers, random: () => 0 })
const ask = (
  providers: Provider[],
  options: CombineChatOptions,
  input: string | ChatInput = 'What is 6 times 7?',
): Promise<CombinedResult> => combine(mux(...providers), input, options)
const outcomes = ({ members }: Pick<CombinedResult, 'members'>): string[] =>
  members.map(({ provider, outcome }) => `${provider} ${outcome}`)

describe('one request to several models', () => {
  it('takes the planned candidates in order, asks each pinned and once, and tells the story of all', async () => {
    const [a, b, c] = [says('a', '42'), says('b', '41'), says('c', '42.')]
    const result = await ask([a, b, c], { strategy: 'vote', answers: 3 })
    expect(result).toMatchObject({
      text: '42',
      used: 'vote',
      provider: 'a',
      model: 'model-1',
      calls: 3,
      usage: { inputTokens: 9, outputTokens: 6 },
    })
    expect(result.votes?.[0]?.members).toEqual([0, 2])
    expect(result.attempts.map(({ provider, outcome }) => `${provider} ${outcome}`).sort()).toEqual([
      'a answered',
      'b answered',
      'c answered',
    ])
    expect(result.decision.candidates.map(({ verdict }) => verdict)).toEqual([
      'answered',
      'answered',
      'answered',
    ])
    expect([a, b, c].map(({ asked }) => asked.length)).toEqual([1, 1, 1])
  })

  it('asks another one in place of one that fails, and never retries', async () => {
    const broken = down('a')
    const result = await ask([broken, says('b', 'yes'), says('c', 'yes')], { strategy: 'vote', answers: 2 })
    expect(outcomes(result)).toEqual(['a failed', 'b won', 'c used'])
    expect(result.members[0]).toMatchObject({ code: 'unavailable', why: 'down' })
    expect(broken.asked).toHaveLength(1)
    expect(result.attempts).toHaveLength(3)
  })

  it('finds more models of one provider when the others do not suffice', async () => {
    const cards = ['m1', 'm2', 'm3', 'm4'].map((id) => card(id))
    const only = scripted('only', { cards, answers: [answer('yes')] })
    const result = await ask([only], { strategy: 'vote', answers: 4 })
    expect(only.asked.map(({ model }) => model)).toEqual(['m1', 'm2', 'm3', 'm4'])
    expect(result.decision.policy).toBe('ordered')
  })

  it('asks exactly the models that are named, in any spelling, one twice if it is named twice', async () => {
    const [a, b, c] = [says('a', '1'), says('b', '2'), says('c', '3')]
    const result = await ask([a, b, c], {
      strategy: 'vote',
      models: ['c/MODEL-1', 'a/model-1', 'C/model-1'],
    })
    expect(outcomes(result)).toEqual(['c won', 'a used', 'c used'])
    expect([a, b, c].map(({ asked }) => asked.length)).toEqual([1, 0, 2])
  })

  it('reports a named model that cannot be asked, and asks the others', async () => {
    const off = says('off', 'no', { readiness: { ready: false, reason: 'is off', remedies: ['Start it.'] } })
    const result = await ask([off, says('b', 'yes')], {
      strategy: 'first',
      models: ['off/model-1', 'nowhere', 'b/model-1'],
    })
    expect(result.text).toBe('yes')
    expect(outcomes(result)).toEqual(['off failed', 'unknown failed', 'b won'])
    expect(result.members[0]?.why).toContain('is off')
    expect(off.asked).toEqual([])
  })

  it('holds the floors of the input for every member and for the judge', async () => {
    const far = says('far', 'far away', { locality: 'remote' })
    const near = says('near', 'here')
    const result = await ask(
      [far, near],
      { strategy: 'best', judge: 'far/model-1' },
      {
        prompt: 'Hi',
        localOnly: true,
      },
    )
    expect(result).toMatchObject({ text: 'here', provider: 'near' })
    const named = ask(
      [far, near],
      { strategy: 'first', models: ['far/model-1'] },
      { prompt: 'Hi', localOnly: true },
    )
    expect((await failureOf(named)).code).toBe('all-failed')
    expect(far.asked).toEqual([])
  })

  it('lets a local model judge unless one is named, rather one that does not answer itself', async () => {
    const verdict = '{"best": "B", "reason": "it is right"}'
    const judge = says('judge', verdict, { cards: [card('wise')] })
    const far = (id: string, said: string): ScriptedProvider => says(id, said, { locality: 'remote' })
    const result = await ask([far('a', 'forty-one'), far('b', 'forty-two'), judge], {
      strategy: 'best',
      answers: 2,
    })
    expect(result).toMatchObject({ used: 'best', judge: { provider: 'judge', outcome: 'decided' }, calls: 3 })
    expect(judge.asked[0]?.messages.at(-1)?.content).toContain('forty-two')
    const named = await ask([far('a', 'x'), far('b', 'y'), judge], {
      strategy: 'best',
      answers: 2,
      judge: 'b/model-1',
    })
    expect(named.judge?.provider).toBe('b')
  })

  it('says what was done instead when the judge fails', async () => {
    const result = await ask([says('a', 'one'), says('b', 'two'), down('judge')], {
      strategy: 'best',
      answers: 2,
      judge: 'judge/model-1',
    })
    expect(result).toMatchObject({
      text: 'one',
      used: 'first',
      judge: { outcome: 'failed', code: 'unavailable' },
    })
    expect(result.decidedBy).toContain('failed')
    expect(result.attempts).toHaveLength(3)
  })

  it('writes a summary and says who wrote it', async () => {
    const writer = says('writer', 'In short: yes.')
    const result = await ask([says('a', 'yes'), says('b', 'indeed'), writer], {
      strategy: 'summary',
      answers: 2,
      judge: 'writer/model-1',
    })
    expect(result).toMatchObject({ text: 'In short: yes.', used: 'summary', provider: 'writer' })
  })

  it('fails with every member’s report, every attempt and the plan when too few answer', async () => {
    const error = await failureOf(ask([down('a'), down('b')], { strategy: 'vote', quorum: 2, answers: 2 }))
    expect(error).toBeInstanceOf(CombineFailure)
    expect(error).toMatchObject({ code: 'all-failed', decision: { policy: 'ordered' } })
    expect((error as CombineFailure).members.map(({ outcome }) => outcome)).toEqual(['failed', 'cancelled'])
    expect(error.attempts?.length).toBeGreaterThan(0)
  })

  it.each([
    ['tools', { strategy: 'vote' }, { tools: [{ name: 't', parameters: {} }] }],
    ['responseFormat', { strategy: 'merge' }, { responseFormat: { type: 'json' } }],
    ['history', { strategy: 'vote' }, { history: 'summarise' }],
    ['judge', { strategy: 'best', judge: '' }, {}],
    ['models', { strategy: 'vote', models: [''] }, {}],
    ['models', { strategy: 'vote', models: [] }, {}],
    ['memberMs', { strategy: 'vote', memberMs: -1 }, {}],
    ['strategy', { strategy: 'toss' as 'vote' }, {}],
    ['maxCalls', { strategy: 'vote', maxCalls: 0 }, {}],
  ] as const)('refuses a wrong %s before anybody is asked', async (field, options, input) => {
    const a = says('a', '1')
    const error = await failureOf(ask([a], options, { prompt: 'Hi', ...input }))
    expect(error).toMatchObject({ code: 'bad-request', field })
    expect(a.asked).toEqual([])
  })

  it('never makes more calls than allowed, whatever fails', async () => {
    const providers = ['a', 'b', 'c', 'd', 'e'].map(down)
    await failureOf(ask(providers, { strategy: 'vote', answers: 2, maxCalls: 3 }))
    expect(providers.flatMap(({ asked }) => asked)).toHaveLength(3)
  })

  it('keeps one deadline for all, and a time for each member', async () => {
    const clock = new ManualClock()
    const hangs = (): ScriptedProvider => scripted('hangs', { answers: [[hangForEver]] })
    const openmux = (...providers: Provider[]) => createOpenMux({ providers, clock, random: () => 0 })
    const whole = combine(
      openmux(hangs(), says('b', 'yes')),
      { prompt: 'Hi', timeouts: { totalMs: 5_000 } },
      { strategy: 'vote', answers: 2, clock },
    )
    const error = await failureOf(clock.runUntil(whole))
    expect(error).toMatchObject({ code: 'timeout', phase: 'total' })
    expect(error.attempts?.map(({ outcome }) => outcome).sort()).toEqual(['aborted', 'answered'])
    const each = combine(openmux(hangs(), says('b', 'yes')), 'Hi', {
      strategy: 'vote',
      answers: 2,
      memberMs: 2_000,
      clock,
    })
    expect(await clock.runUntil(each)).toMatchObject({ text: 'yes', durationMs: 2_000 })
    expect(clock.pending).toBe(0)
  })

  it('ends with the caller and lets go of everybody', async () => {
    const leaving = new AbortController()
    const providers = ['a', 'b'].map((id) => scripted(id, { answers: [[hangForEver]] }))
    const asked = combine(mux(...providers), { prompt: 'Hi', signal: leaving.signal }, { strategy: 'vote' })
    await settle()
    leaving.abort()
    expect((await failureOf(asked)).code).toBe('aborted')
    await settle()
    expect(providers.every(({ contexts }) => contexts[0]?.signal.aborted)).toBe(true)
  })
})

async function read(stream: CombineStream): Promise<{
  events: CombineStreamEvent[]
  text: string
  error: OpenMuxError | undefined
}> {
  const events: CombineStreamEvent[] = []
  let seen = ''
  let error: OpenMuxError | undefined
  try {
    for await (const event of stream) {
      events.push(event)
      if (event.type === 'text') seen += event.text
      if (event.type === 'resumed' && event.discard) seen = ''
    }
  } catch (thrown) {
    error = thrown as OpenMuxError
  }
  return { events, text: seen, error }
}

/** A gate that a script waits at. */
function gate(): { open(): void; readonly step: Step } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: () => resolve(), step: () => promise }
}

describe('a combined answer as a stream', () => {
  const stream = (
    providers: Provider[],
    options: CombineChatOptions,
    input: Partial<ChatInput> = {},
  ): CombineStream => combineStream(mux(...providers), { prompt: 'Hi', ...input }, options)
  const WHOLE = ['The ', 'sea ', 'is ', 'wide.']
  const whole = (): Step[] => answer(...WHOLE)
  const cutAfter = (count: number): Step[] => whole().slice(0, count + 1)

  it('tells of members as they come, then gives the text that was decided, then the result', async () => {
    const asked = stream([says('a', 'yes'), down('b'), says('c', 'yes'), says('d', 'no')], {
      strategy: 'vote',
      answers: 3,
    })
    const { events, text: seen } = await read(asked)
    expect(seen).toBe('yes')
    expect(
      events.flatMap((event) => (event.type === 'member' ? [`${event.provider} ${event.state}`] : [])),
    ).toEqual(
      expect.arrayContaining([
        'a asked',
        'b asked',
        'c asked',
        'a answered',
        'b failed',
        'c answered',
        'd asked',
      ]),
    )
    const last = events.at(-1)
    expect(last?.type).toBe('finish')
    expect(await asked.result()).toBe(last?.type === 'finish' ? last.result : undefined)
  })

  it('asks nobody before it is read, and can be read once', async () => {
    const a = says('a', 'yes')
    const asked = stream([a], { strategy: 'first' })
    await settle()
    expect(a.asked).toEqual([])
    expect((await asked.result()).text).toBe('yes')
    expect(() => asked[Symbol.asyncIterator]()).toThrow(OpenMuxError)
  })

  it('passes on the one whose content comes first, live, and stops the others', async () => {
    const [slow, more] = [gate(), gate()]
    const a = scripted('a', { answers: [[START, slow.step, text('slow'), STOP]] })
    const b = scripted('b', { answers: [[START, text('fast'), more.step, text(' one'), STOP]] })
    const asked = stream([a, b], { strategy: 'first', extra: 1 })
    const texts = asked.textStream()[Symbol.asyncIterator]()
    expect((await texts.next()).value).toBe('fast')
    await settle()
    expect(a.contexts[0]?.signal.aborted).toBe(true)
    more.open()
    expect((await texts.next()).value).toBe(' one')
    expect((await texts.next()).done).toBe(true)
    const result = await asked.result()
    expect(result).toMatchObject({ text: 'fast one', provider: 'b' })
    expect(outcomes(result)).toEqual(['a cancelled', 'b won'])
    slow.open()
  })

  it('goes on elsewhere after a break, with no character lost or doubled', async () => {
    for (const pieces of [1, 2, 3, 4]) {
      const asked = stream(
        [scripted('a', { answers: [cutAfter(pieces)] }), scripted('b', { answers: [whole()] })],
        { strategy: 'first' },
      )
      const { events, text: seen, error } = await read(asked)
      expect(error).toBeUndefined()
      expect(seen).toBe(WHOLE.join(''))
      expect(events.filter(({ type }) => type === 'resumed')).toMatchObject([
        { provider: 'b', by: 'restart', discard: false, code: 'truncated' },
      ])
      expect(await asked.result()).toMatchObject({ text: WHOLE.join(''), provider: 'b' })
    }
  })

  it('goes on with another one when it broke off while others were stopped', async () => {
    const slow = gate()
    const asked = stream(
      [
        scripted('a', { answers: [[START, slow.step, text('x'), STOP]] }),
        scripted('b', { answers: [cutAfter(2)] }),
        scripted('c', { answers: [whole()] }),
      ],
      { strategy: 'first', extra: 1 },
    )
    expect(await read(asked)).toMatchObject({ text: WHOLE.join(''), error: undefined })
    slow.open()
  })

  it('ends when it broke off and those that were stopped were the last', async () => {
    const slow = gate()
    const asked = stream(
      [
        scripted('a', { answers: [[START, slow.step, text('x'), STOP]] }),
        scripted('b', { answers: [cutAfter(2)] }),
      ],
      { strategy: 'first', extra: 1 },
    )
    const { text: seen, error } = await read(asked)
    expect(seen).toBe('The sea ')
    expect(error).toMatchObject({ code: 'all-failed', partial: { text: 'The sea ' } })
    slow.open()
  })

  it('never glues other words: an error with both texts, or a discard where that is wanted', async () => {
    const providers = (): Provider[] => [
      scripted('a', { answers: [cutAfter(2)] }),
      says('b', 'Another answer.'),
    ]
    const { text: seen, error } = await read(stream(providers(), { strategy: 'first' }))
    expect(seen).toBe('The sea ')
    expect(error).toMatchObject({
      code: 'truncated',
      next: 'nowhere',
      partial: { text: 'The sea ', other: { provider: 'b', text: 'Another answer.', whole: true } },
    })
    expect(error?.attempts).toHaveLength(2)
    const restarted = await read(stream(providers(), { strategy: 'first' }, { onBreak: 'restart' }))
    expect(restarted).toMatchObject({ text: 'Another answer.', error: undefined })
    expect(restarted.events.find(({ type }) => type === 'resumed')).toMatchObject({ discard: true })
  })

  it('is not continued where the caller forbids it, and keeps what was seen', async () => {
    const broken = scripted('a', { answers: [cutAfter(2)] })
    const b = scripted('b', { answers: [whole()] })
    const { error } = await read(stream([broken, b], { strategy: 'first' }, { onBreak: 'fail' }))
    expect(error).toMatchObject({ code: 'truncated', partial: { text: 'The sea ' } })
    expect(b.asked).toEqual([])
    const alone = await read(stream([scripted('a', { answers: [cutAfter(2)] })], { strategy: 'first' }))
    expect(alone.error).toMatchObject({ code: 'all-failed', partial: { text: 'The sea ' } })
  })

  it('gives a summary as it is written', async () => {
    const rest = gate()
    const writer = scripted('writer', { answers: [[START, text('In '), rest.step, text('short.'), STOP]] })
    const asked = stream([says('a', 'yes'), says('b', 'no'), writer], {
      strategy: 'summary',
      answers: 2,
      judge: 'writer/model-1',
    })
    const texts = asked.textStream()[Symbol.asyncIterator]()
    expect((await texts.next()).value).toBe('In ')
    rest.open()
    expect((await texts.next()).value).toBe('short.')
    expect((await texts.next()).done).toBe(true)
    expect(await asked.result()).toMatchObject({ text: 'In short.', used: 'summary' })
  })

  it('does not glue the answers behind a summary that broke off', async () => {
    const providers = (): Provider[] => [
      says('a', 'yes'),
      says('b', 'no'),
      scripted('writer', { answers: [[START, text('In sh')]] }),
    ]
    const options: CombineChatOptions = { strategy: 'summary', answers: 2, judge: 'writer/model-1' }
    const { error } = await read(stream(providers(), options))
    expect(error).toMatchObject({ code: 'truncated', partial: { text: 'In sh', other: { whole: true } } })
    const restarted = await read(stream(providers(), options, { onBreak: 'restart' }))
    expect(restarted.text).toContain('yes')
    expect(restarted.text).not.toContain('In sh')
  })

  it('stops every member when its reader leaves', async () => {
    const providers = ['a', 'b'].map((id) => scripted(id, { answers: [[hangForEver]] }))
    const asked = stream(providers, { strategy: 'vote', answers: 2 })
    for await (const event of asked) if (event.type === 'member' && event.provider === 'b') break
    await settle()
    expect(providers.every(({ contexts }) => contexts[0]?.signal.aborted ?? true)).toBe(true)
    expect((await failureOf(asked.result())).code).toBe('aborted')
  })
})
