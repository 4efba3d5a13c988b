import { describe, expect, it } from 'vitest'
import { createOpenMux, type LimitRule, type OpenMuxEvent, OpenMuxError } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock, settle } from './support/manual-clock.js'
import {
  answer,
  card,
  hangForEver,
  scripted,
  START,
  type Step,
  STOP,
  text,
} from './support/scripted-provider.js'

const unavailable = (): OpenMuxError =>
  new OpenMuxError({ code: 'unavailable', message: '503', scope: 'model', upstream: { status: 503 } })

describe('what the engine learned', () => {
  it('leaves a target alone that kept failing, and is back within 30 s after it healed', async () => {
    const clock = new ManualClock()
    let healthy = false
    const first = scripted('first', {
      locality: 'remote',
      answers: [
        [
          () => {
            if (!healthy) throw unavailable()
          },
          ...answer('from the first'),
        ],
      ],
    })
    const openmux = createOpenMux({ providers: [first, scripted('second')], clock, random: () => 0.5 })
    const served: string[] = []
    for (let second = 0; second < 60; second += 4) {
      served.push((await clock.runUntil(openmux.chat('Hi'))).provider)
      await clock.advance(4_000)
    }
    expect(new Set(served)).toEqual(new Set(['second']))
    // Not asked on every request while it was down.
    expect(first.asked.length).toBeLessThan(served.length)
    healthy = true
    const healedAt = clock.now()
    while ((await clock.runUntil(openmux.chat('Hi'))).provider !== 'first') {
      await clock.advance(1_000)
      expect(clock.now() - healedAt).toBeLessThanOrEqual(30_000)
    }
  })

  it('tries a target that failed lately when nobody else is left', async () => {
    const clock = new ManualClock()
    const only = scripted('only', {
      answers: [...Array.from({ length: 6 }, () => [unavailable()]), answer('back')],
    })
    const openmux = createOpenMux({ providers: [only], clock })
    let said = ''
    for (let request = 0; request < 7 && said === ''; request += 1)
      said = await clock.runUntil(
        openmux.chat('Hi').then(
          (result) => result.text,
          () => '',
        ),
      )
    expect(said).toBe('back')
  })

  it('sends nothing to a target that named a time, says when, and asks again then', async () => {
    const clock = new ManualClock()
    const until = clock.now() + 60_000
    const limited = new OpenMuxError({ code: 'rate-limit', message: 'slow down', until, scope: 'account' })
    const only = scripted('only', { locality: 'remote', answers: [[limited], answer('again')] })
    const openmux = createOpenMux({ providers: [only], clock })
    await clock.runUntil(failureOf(openmux.chat('Hi')))
    const refused = await clock.runUntil(failureOf(openmux.chat('Hi')))
    expect(refused).toMatchObject({ code: 'rate-limit', until })
    expect(only.asked).toHaveLength(1)
    await clock.advance(60_001)
    expect(await clock.runUntil(openmux.chat('Hi'))).toMatchObject({ text: 'again' })
  })

  it('waits for a limit that ends soon rather than fail', async () => {
    const clock = new ManualClock()
    const limited = (): OpenMuxError =>
      new OpenMuxError({ code: 'rate-limit', message: '', until: clock.now() + 2_000, scope: 'model' })
    const only = scripted('only', {
      locality: 'remote',
      answers: [
        [
          () => {
            throw limited()
          },
        ],
        answer('one'),
        answer('two'),
      ],
    })
    const openmux = createOpenMux({ providers: [only], clock })
    const both = Promise.all([openmux.chat('Hi'), settle().then(() => openmux.chat('Hi'))])
    expect((await clock.runUntil(both)).map((result) => result.text).sort()).toEqual(['one', 'two'])
  })

  it('counts declared allowances, so that no request is sent that would be refused', async () => {
    const clock = new ManualClock()
    const rule: LimitRule = {
      id: 'two-a-minute',
      scope: 'account',
      unit: 'requests',
      amount: 2,
      window: { kind: 'rolling', ms: 60_000 },
      countsFailures: true,
      source: 'test',
    }
    const free = scripted('free', { locality: 'remote', limits: () => [rule] })
    const openmux = createOpenMux({ providers: [free, scripted('second')], clock })
    const served = []
    for (let request = 0; request < 4; request += 1) served.push((await openmux.chat('Hi')).provider)
    expect(served).toEqual(['free', 'free', 'second', 'second'])
    const { allowances } = await openmux.forecast()
    expect(allowances).toMatchObject([{ provider: 'free', rule: 'two-a-minute', limit: 2, remaining: 0 }])
    await clock.advance(65_000)
    expect((await openmux.chat('Hi')).provider).toBe('free')
  })
})

describe('concurrency caps', () => {
  it('let two requests at a time to a local provider, the others in turn, told how many are ahead', async () => {
    const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>())
    let running = 0
    let most = 0
    let next = 0
    const local = scripted('local', {
      answers: [
        [
          START,
          async () => {
            running += 1
            most = Math.max(most, running)
            await gates[next++]?.promise
            running -= 1
          },
          text('done'),
          STOP,
        ],
      ],
    })
    const openmux = createOpenMux({ providers: [local] })
    const ahead: number[] = []
    const all = [1, 2, 3, 4].map(() =>
      openmux.chat({
        prompt: 'Hi',
        onProgress: (progress) => progress.kind === 'queue' && ahead.push(progress.ahead),
      }),
    )
    for (const gate of gates) {
      await settle()
      gate.resolve()
    }
    await Promise.all(all)
    expect(most).toBe(2)
    expect(ahead).toContain(2)
  })

  it('send a request elsewhere that waits long for a busy provider while another one is ready', async () => {
    const clock = new ManualClock()
    const busy = scripted('busy', { answers: [[START, hangForEver]] })
    const openmux = createOpenMux({
      providers: [busy, scripted('second')],
      clock,
      concurrency: { busy: 1 },
      hedge: false,
    })
    const controller = new AbortController()
    const stuck = failureOf(openmux.chat({ prompt: 'Hi', signal: controller.signal }))
    await settle()
    for (const ask of [async () => openmux.chat('Hi'), async () => openmux.stream('Hi').result()]) {
      const before = clock.now()
      const result = await clock.runUntil(ask())
      expect(result).toMatchObject({ provider: 'second', text: 'Hello' })
      expect(result.attempts).toHaveLength(1)
      expect(clock.now() - before).toBe(10_000)
    }
    expect(busy.asked).toHaveLength(1)
    controller.abort()
    await stuck
    expect(clock.pending).toBe(0)
  })

  it('give the place of a caller who leaves the queue to the next', async () => {
    const gate = Promise.withResolvers<void>()
    const local = scripted('local', { answers: [[START, () => gate.promise, text('done'), STOP]] })
    const openmux = createOpenMux({ providers: [local], concurrency: { local: 1 } })
    const first = openmux.chat('Hi')
    const leaving = new AbortController()
    const second = failureOf(openmux.chat({ prompt: 'Hi', signal: leaving.signal }))
    const third = openmux.chat('Hi')
    await settle()
    leaving.abort()
    expect((await second).code).toBe('aborted')
    gate.resolve()
    expect((await Promise.all([first, third])).map((result) => result.text)).toEqual(['done', 'done'])
  })
})

describe('hedging', () => {
  const quick = (ms: number, clock: ManualClock): Step[] => [
    START,
    () => new Promise<void>((resolve) => void clock.after(ms, resolve)),
    text('hello'),
    STOP,
  ]

  async function withHistory(rivalIs: 'local' | 'remote', late: Step[]) {
    const clock = new ManualClock()
    const favourite = scripted('favourite', {
      locality: 'remote',
      answers: [...Array.from({ length: 20 }, () => quick(400, clock)), late],
    })
    const rival = scripted('rival', { locality: rivalIs })
    const openmux = createOpenMux({ providers: [favourite, rival], clock, random: () => 0.5 })
    for (let request = 0; request < 20; request += 1) await clock.runUntil(openmux.chat('Hi'))
    return { clock, openmux, favourite, rival }
  }

  it('races a favourite that is slower than ever against a loaded local model, and cancels the loser', async () => {
    const { clock, openmux, favourite, rival } = await withHistory('local', [START, hangForEver])
    const result = await clock.runUntil(openmux.chat('Hi'))
    expect(result).toMatchObject({ provider: 'rival', text: 'Hello' })
    expect(result.durationMs).toBeLessThan(2_000)
    expect(result.attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ['favourite', 'discarded'],
      ['rival', 'answered'],
    ])
    expect(favourite.contexts.at(-1)?.signal.aborted).toBe(true)
    expect(rival.asked).toHaveLength(1)
  })

  it('never races at the cost of somebody’s quota', async () => {
    const { clock, openmux, rival } = await withHistory('remote', [START, hangForEver])
    const result = await clock.runUntil(openmux.chat('Hi'))
    // The first-token limit of 10 s, not the race.
    expect(result.attempts[0]).toMatchObject({ provider: 'favourite', outcome: 'failed', code: 'timeout' })
    expect(rival.asked).toHaveLength(1)
  })

  it('keeps the favourite when its content comes first, and accounts for the rival', async () => {
    const clock = new ManualClock()
    const favourite = scripted('favourite', {
      locality: 'remote',
      answers: [...Array.from({ length: 20 }, () => quick(400, clock)), quick(900, clock)],
    })
    const rival = scripted('rival', { answers: [quick(5_000, clock)] })
    const openmux = createOpenMux({ providers: [favourite, rival], clock, random: () => 0.5 })
    for (let request = 0; request < 20; request += 1) await clock.runUntil(openmux.chat('Hi'))
    const result = await clock.runUntil(openmux.chat('Hi'))
    expect(result.provider).toBe('favourite')
    expect(result.attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ['rival', 'discarded'],
      ['favourite', 'answered'],
    ])
    expect(rival.contexts[0]?.signal.aborted).toBe(true)
  })

  it('never keeps a favourite waiting for a rival that is still being found', async () => {
    const clock = new ManualClock()
    const favourite = scripted('favourite', {
      locality: 'remote',
      answers: [...Array.from({ length: 20 }, () => quick(400, clock)), quick(900, clock)],
    })
    const rival = scripted('rival', { readiness: () => new Promise(() => undefined) })
    const openmux = createOpenMux({ providers: [favourite, rival], clock, random: () => 0.5 })
    for (let request = 0; request < 20; request += 1) await clock.runUntil(openmux.chat('Hi'))
    const result = await clock.runUntil(openmux.chat('Hi'))
    expect(result.provider).toBe('favourite')
    expect(result.durationMs).toBe(900)
  })

  it('is not done for a caller who does not want it', async () => {
    const { clock, openmux, rival } = await withHistory('local', quick(5_000, new ManualClock()))
    void rival
    const result = clock.runUntil(
      openmux.chat({ prompt: 'Hi', hedge: false, timeouts: { firstTokenMs: 900 } }),
    )
    expect((await result).attempts[0]).toMatchObject({ outcome: 'failed', code: 'timeout' })
  })
})

describe('events', () => {
  it('tell every decision and attempt of a request, with no prompt and no answer in them', async () => {
    const events: OpenMuxEvent[] = []
    const first = scripted('first', { answers: [[unavailable()]] })
    const openmux = createOpenMux({
      providers: [first, scripted('second', { answers: [answer('SECRET-ANSWER')] })],
    })
    openmux.on((event) => events.push(event))
    await openmux.chat('SECRET-PROMPT')
    expect(events.map(({ type }) => type)).toEqual([
      'request-started',
      'attempt-started',
      'attempt-ended',
      'attempt-started',
      'first-token',
      'attempt-ended',
      'request-ended',
    ])
    expect(new Set(events.map(({ request }) => request)).size).toBe(1)
    expect(events.at(2)).toMatchObject({
      attempt: { code: 'unavailable', followedBy: { move: 'failover', provider: 'second' } },
    })
    expect(JSON.stringify(events)).not.toMatch(/SECRET/)
  })

  it('cannot break a request: listeners may throw, reject or leave', async () => {
    const openmux = createOpenMux({ providers: [scripted('only')] })
    let told = 0
    openmux.on(() => {
      throw new Error('listener')
    })
    openmux.on('request-ended', () => Promise.reject(new Error('async listener')))
    const off = openmux.on(['request-started', 'request-ended'], () => (told += 1))
    await openmux.chat('Hi')
    off()
    await openmux.chat('Hi')
    expect(told).toBe(2)
  })

  it('end with the failure of a request that fails, and with `aborted` when the caller leaves', async () => {
    const ends: OpenMuxEvent[] = []
    const openmux = createOpenMux({
      providers: [scripted('only', { answers: [[unavailable()], answer('a', 'b')] })],
    })
    openmux.on('request-ended', (event) => ends.push(event))
    await failureOf(openmux.chat('Hi'))
    for await (const event of openmux.stream('Hi')) if (event.type === 'text') break
    expect(ends).toMatchObject([{ outcome: 'failed', code: 'unavailable' }, { outcome: 'aborted' }])
  })
})

describe('airplane mode', () => {
  it('asks no remote provider anything without a network, and says so', async () => {
    let probes = 0
    const remote = scripted('remote', {
      locality: 'remote',
      readiness: async () => {
        probes += 1
        return { ready: true }
      },
    })
    const openmux = createOpenMux({ providers: [remote, scripted('local')], online: () => false })
    expect(openmux.online()).toMatchObject({ online: false })
    const result = await openmux.chat('Hi')
    expect(result.provider).toBe('local')
    expect(result.warnings).toMatchObject([{ kind: 'notice' }])
    expect(result.decision.candidates).toMatchObject([
      { provider: 'local' },
      { provider: 'remote', code: 'network' },
    ])
    expect(probes).toBe(0)
    expect(remote.asked).toHaveLength(0)
  })

  it('learns from a name server that fails, and tries again a while later', async () => {
    const clock = new ManualClock()
    const dns = new OpenMuxError({ code: 'network', message: 'no such host', scope: 'machine' })
    const remote = scripted('remote', { locality: 'remote', answers: [[dns], answer('back')] })
    const openmux = createOpenMux({ providers: [remote, scripted('local')], clock })
    await openmux.chat('Hi')
    expect(openmux.online().online).toBe(false)
    await openmux.chat('Hi')
    expect(remote.asked).toHaveLength(1)
    await clock.advance(31_000)
    expect(openmux.online().online).toBe(true)
    expect((await openmux.chat('Hi')).text).toBe('back')
  })

  it('takes a setting at fault for no loss of the network: others need not go by it', async () => {
    const gone = new OpenMuxError({
      code: 'network',
      message: 'gone',
      scope: 'machine',
      field: 'HTTPS_PROXY',
    })
    const behind = scripted('behind', { locality: 'remote', answers: [[gone]] })
    const beside = scripted('beside', { locality: 'remote', answers: [answer('here')] })
    const openmux = createOpenMux({ providers: [behind, beside] })
    expect(await openmux.chat('Hi')).toMatchObject({ text: 'here', attempts: [{ code: 'network' }, {}] })
    expect(openmux.online().online).toBe(true)
  })
})

describe('the floors of a request', () => {
  const english = scripted('english', { cards: [card('en-only', { languages: ['en'] })] })
  const all = scripted('all', { cards: [card('many', { languages: ['en', 'de', 'ja'] })] })

  it('hold for languages: those the caller names, and the one the script tells', async () => {
    const openmux = createOpenMux({ providers: [english, all] })
    expect((await openmux.chat('Hello')).provider).toBe('english')
    expect((await openmux.chat('今日はいい天気ですね')).provider).toBe('all')
    expect((await openmux.chat({ prompt: 'Guten Tag', languages: ['de-AT'] })).provider).toBe('all')
    const error = await failureOf(openmux.chat({ prompt: 'Olá', languages: ['pt'] }))
    expect(error).toMatchObject({ code: 'unsupported' })
    expect(error.message).toContain('does not speak pt')
  })

  it('put whoever would hardly begin before the deadline behind everybody else', async () => {
    const clock = new ManualClock()
    const wait = (): Promise<void> => new Promise((resolve) => void clock.after(8_000, resolve))
    const slow = scripted('slow', { locality: 'remote', answers: [[START, wait, text('late'), STOP]] })
    const openmux = createOpenMux({ providers: [slow, scripted('quick')], clock, hedge: false })
    for (let request = 0; request < 14; request += 1) await clock.runUntil(openmux.chat('Hi'))
    const hurried = await clock.runUntil(openmux.chat({ prompt: 'Hi', timeouts: { totalMs: 5_000 } }))
    expect(hurried.provider).toBe('quick')
    expect((await clock.runUntil(openmux.chat('Hi'))).provider).toBe('slow')
  })
})

describe('a policy', () => {
  it('orders candidates by score, and the decision says why', async () => {
    const paid = card('big-70b', { free: false, price: { inputPerMillion: 5, outputPerMillion: 15 } })
    const free = card('small-1b', { free: true })
    const providers = [
      scripted('paid', { locality: 'remote', cards: [paid] }),
      scripted('free', { locality: 'local', cards: [free] }),
    ]
    const openmux = createOpenMux({ providers })
    expect((await openmux.chat('Hi')).provider).toBe('paid')
    expect((await openmux.chat({ prompt: 'Hi', policy: 'best' })).provider).toBe('paid')
    const result = await openmux.chat({ prompt: 'Hi', policy: 'free' })
    expect(result.provider).toBe('free')
    expect(result.decision).toMatchObject({ policy: 'free' })
    expect(result.decision.candidates[0]?.score).toBeGreaterThan(0)
    expect(result.decision.candidates.at(-1)).toMatchObject({ provider: 'paid', verdict: 'cut' })
  })

  it('never crosses a floor, whatever it prefers', async () => {
    const paid = scripted('paid', { locality: 'remote', cards: [card('big', { free: false })] })
    const openmux = createOpenMux({ providers: [paid] })
    for (const input of [
      { zeroCost: true },
      { policy: 'free' },
      { policy: 'private' },
      { localOnly: true },
    ] as const)
      expect((await failureOf(openmux.chat({ prompt: 'Hi', ...input }))).code).toBe('no-candidate')
    expect(paid.asked).toHaveLength(0)
  })

  it('keeps preferences in front of scores', async () => {
    const providers = ['a', 'b', 'c'].map((id) => scripted(id))
    const openmux = createOpenMux({ providers, policy: 'balanced', prefer: ['c'] })
    expect((await openmux.chat('Hi')).provider).toBe('c')
  })
})
