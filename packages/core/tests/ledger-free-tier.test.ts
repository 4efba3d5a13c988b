import { describe, expect, it } from 'vitest'
import { type Claim, createLedger, type Ledger, type LimitRule } from '../src/index.js'
import { type FreeTierOptions, FreeTierServer, seededRandom } from './support/free-tier-server.js'
import { DAY, FREE_DAY, FREE_MINUTE, MINUTE, target } from './support/ledger.js'

const FROM = Date.UTC(2026, 10, 1)
const MONTH = 30 * DAY
const MODELS = ['a:free', 'b:free', 'c:free', 'd:free'].map((model) => target(model))

interface Month extends FreeTierOptions {
  readonly seed: number
  /** What the rules declare, where that is not what the server does. */
  readonly declared?: readonly LimitRule[]
  /** Between two wishes for an answer, ms on average. */
  readonly everyMs: number
  /** Between two requests of another client of the account, ms on average. Absent: there is none. */
  readonly strangerEveryMs?: number
  /** How often the account is looked at, ms. Absent: never. */
  readonly quotaEveryMs?: number
  /** Longest way to the server, ms. */
  readonly latencyMs: number
  readonly until?: number
}

interface Told {
  readonly server: FreeTierServer
  readonly ledger: Ledger
  readonly wished: number
  readonly sent: number
  /** Of those we sent. */
  readonly refused: number
}

/** Plays a month: wishes come at random, and a request is sent only if the ledger says that it will be served. */
function playMonth(month: Month): Told {
  const random = seededRandom(month.seed)
  const server = new FreeTierServer(month)
  const rules = month.declared ?? [FREE_MINUTE, FREE_DAY]
  const ledger = createLedger({ rules: () => rules })
  // Sent requests by their arrival, and answers by theirs: the network does not keep the order.
  const events: { at: number; run: () => void }[] = []
  const later = (at: number, run: () => void): void => {
    let place = events.length
    while (place > 0 && (events[place - 1]?.at ?? 0) > at) place -= 1
    events.splice(place, 0, { at, run })
  }
  const wait = (average: number): number => -Math.log(1 - random()) * average
  let wished = 0
  let sent = 0
  let refused = 0
  const end = month.until ?? FROM + MONTH

  const send = (claim: Claim, now: number): void => {
    sent += 1
    const arrival = now + random() * month.latencyMs
    later(arrival, () => {
      const error = server.receive(arrival)
      if (error !== undefined) refused += 1
      const back = arrival + random() * month.latencyMs
      const done = back + (error === undefined ? random() * 20_000 : 0)
      later(done, () => {
        if (error === undefined)
          ledger.settle(claim, { result: 'answered', firstTokenMs: back - now, durationMs: done - now }, done)
        else ledger.settle(claim, { result: 'failed', error, durationMs: back - now }, done, random())
      })
    })
  }
  const wish = (now: number): void => {
    wished += 1
    const to = MODELS[Math.floor(random() * MODELS.length)] ?? target('a:free')
    if (ledger.standing(to, now).usable) send(ledger.begin(to, now), now)
    const next = now + wait(month.everyMs)
    if (next < end) later(next, () => wish(next))
  }
  const stranger = (now: number): void => {
    server.receive(now)
    const next = now + wait(month.strangerEveryMs ?? Infinity)
    if (next < end) later(next, () => stranger(next))
  }
  const look = (now: number): void => {
    ledger.note(
      'alpha',
      'a:free',
      {
        rule: 'free-day',
        scope: 'account',
        unit: 'requests',
        limit: month.day,
        remaining: server.remaining(now - MINUTE),
        maxAgeMs: MINUTE,
        source: '/key',
      },
      now,
    )
    const next = now + (month.quotaEveryMs ?? Infinity)
    if (next < end) later(next, () => look(next))
  }

  later(FROM + 10_000, () => wish(FROM + 10_000))
  if (month.strangerEveryMs !== undefined) later(FROM + 10_500, () => stranger(FROM + 10_500))
  if (month.quotaEveryMs !== undefined) later(FROM + 60_000, () => look(FROM + 60_000))
  for (let next = events.shift(); next !== undefined; next = events.shift()) next.run()
  return { server, ledger, wished, sent, refused }
}

const FREE = { minute: 20, day: 50, minutes: 'sliding', skewMs: 0, latencyMs: 800 } as const

describe('a month on a free tier (20 a minute, 50 a day, for the account, failed ones counted)', () => {
  it.each([
    ['a minute that slides', { ...FREE }],
    ['a minute of the clock', { ...FREE, minutes: 'of-the-clock' }],
    ['a server whose clock is ahead', { ...FREE, skewMs: 1_500 }],
    ['a server whose clock is behind', { ...FREE, skewMs: -1_500 }],
  ] as const)('sends nothing that would be refused, and leaves nothing unused: %s', (_name, options) => {
    for (const [seed, everyMs] of [
      [1, 20_000],
      [2, 60_000],
      [3, 600_000],
    ] as const) {
      const { server, wished, sent } = playMonth({ ...options, seed, everyMs })
      expect(server.refusals).toEqual([])
      expect(server.served).toBe(sent)
      const possible = Math.min(wished, 30 * 50)
      // Ten minutes between wishes are 144 a day: the day's allowance is used up on every single day.
      expect(server.served).toBeGreaterThanOrEqual(0.99 * possible)
    }
  })

  it.each(['sliding', 'of-the-clock'] as const)(
    'uses the minute to the full where the day is large (%s)',
    (minutes) => {
      const day = 1_000_000
      const declared = [FREE_MINUTE, { ...FREE_DAY, amount: day }]
      const hours = 6
      const { server } = playMonth({
        ...FREE,
        day,
        minutes,
        declared,
        seed: 7,
        everyMs: 200,
        until: FROM + hours * 3_600_000,
      })
      expect(server.refusals).toEqual([])
      expect(server.served).toBeGreaterThanOrEqual(0.95 * hours * 60 * 20)
    },
  )

  it('learns from the account that credits were bought', () => {
    const day = 1_000
    const { server, ledger } = playMonth({ ...FREE, day, seed: 11, everyMs: 30_000, quotaEveryMs: 3_600_000 })
    expect(server.refusals).toEqual([])
    expect(server.served).toBeGreaterThanOrEqual(0.95 * 30 * 1_000)
    expect(ledger.forecast(FROM + MONTH).allowances).toContainEqual(
      expect.objectContaining({ rule: 'free-day', limit: 1_000 }),
    )
  })

  it('with a second client nobody told of, is refused about once for what it cannot know', () => {
    const { server, refused } = playMonth({ ...FREE, seed: 5, everyMs: 60_000, strangerEveryMs: 1_800_000 })
    // Once a day it finds the day used up, which it could not know; what is told then holds until midnight.
    expect(refused).toBeLessThanOrEqual(30 * 2)
    expect(server.served).toBeGreaterThanOrEqual(0.95 * 30 * 50)
  })

  it('with a second client in a hurry stays bounded as well', () => {
    const options = { ...FREE, day: 1_000, declared: [FREE_MINUTE, { ...FREE_DAY, amount: 1_000 }] }
    const until = FROM + 3 * DAY
    const told = playMonth({ ...options, seed: 6, everyMs: 5_000, strangerEveryMs: 5_000, until })
    expect(told.server.refusals.length).toBeGreaterThan(0)
    // Both together want 24 a minute of 20, so that somebody is refused; it gives way rather than hammering.
    expect(told.refused).toBeLessThanOrEqual(0.4 * told.sent)
  })
})
