import type { Seen } from './wall.ts'

/** What a system made of one scenario. */
export interface Outcome {
  readonly text?: string
  /** The code of the error it ended with. */
  readonly code?: string
  readonly model?: string
  readonly hasUsage: boolean
  readonly durationMs: number
  readonly primary: readonly Seen[]
  readonly log: readonly Seen[]
}

/** One of the public scenarios: what must hold. A check is a sentence and whether it holds. */
export interface Scenario {
  readonly id: string
  readonly primary: string
  readonly fallback?: string
  readonly title: string
  /** The right outcome is an error. */
  readonly refuses?: boolean
  readonly limitMs: number
  readonly checks: readonly (readonly [sentence: string, holds: (outcome: Outcome) => boolean])[]
}

const within = (ms: number) => ['ends in time', (outcome: Outcome) => outcome.durationMs <= ms] as const

/** The sixteen, in the order of the public catalogue. Advisory checks count here like the others. */
export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'S01',
    primary: 'fb-s01',
    title: 'a rate limit that names two seconds is waited for',
    limitMs: 20_000,
    checks: [
      ['asks the primary again', ({ primary }) => primary.length >= 2],
      ['waits at least 1.8 s', ({ primary }) => gap(primary) >= 1_800],
      ['asks at most twice in 1.5 s', ({ primary }) => sentWithin(primary, 1_500) <= 2],
    ],
  },
  {
    id: 'S02',
    primary: 'fb-s02',
    title: 'a rate limit without end is left',
    limitMs: 40_000,
    checks: [
      ['asks at most four times in 3 s', ({ primary }) => sentWithin(primary, 3_000) <= 4],
      ['asks at most six times', ({ primary }) => primary.length <= 6],
    ],
  },
  {
    id: 'S03',
    primary: 'fb-s03',
    title: 'one 500 is tried once more',
    limitMs: 20_000,
    checks: [['asks the primary again', ({ primary }) => primary.length >= 2]],
  },
  {
    id: 'S04',
    primary: 'fb-s04',
    title: '503 without end is left',
    limitMs: 40_000,
    checks: [['asks at most six times', ({ primary }) => primary.length <= 6]],
  },
  { id: 'S05', primary: 'fb-s05', title: 'a reset before any byte', limitMs: 20_000, checks: [] },
  {
    id: 'S06',
    primary: 'fb-s06',
    title: 'an upstream that takes the request and says nothing',
    limitMs: 130_000,
    checks: [['asks once', ({ primary }) => primary.length <= 1], within(100_000)],
  },
  {
    id: 'S07',
    primary: 'fb-s07',
    title: 'headers at once, the first token after 20 s',
    limitMs: 60_000,
    checks: [within(15_000)],
  },
  { id: 'S08', primary: 'fb-s08', title: 'a stream cut after 40 of 60 words', limitMs: 40_000, checks: [] },
  {
    id: 'S09',
    primary: 'fb-s09',
    title: 'a stall after 20 words',
    limitMs: 70_000,
    checks: [within(45_000)],
  },
  { id: 'S10', primary: 'fb-s10', title: 'a malformed chunk in the middle', limitMs: 30_000, checks: [] },
  {
    id: 'S11',
    primary: 'fb-s11',
    title: 'no [DONE] at the end',
    limitMs: 30_000,
    checks: [
      ['asks once', ({ log }) => log.length === 1],
      within(8_000),
      ['has the usage', ({ hasUsage }) => hasUsage],
    ],
  },
  {
    id: 'S12',
    primary: 'fb-s12',
    title: 'a conversation that is too long for the primary',
    limitMs: 20_000,
    checks: [['asks the primary at most twice', ({ primary }) => primary.length <= 2]],
  },
  {
    id: 'S13',
    primary: 'fb-s13',
    title: 'a content filter is the caller’s to know',
    refuses: true,
    limitMs: 20_000,
    checks: [
      ['asks once', ({ log }) => log.length === 1],
      ['says what it is', ({ code }) => code === 'content-filter'],
    ],
  },
  {
    id: 'S14',
    primary: 'fb-s14',
    fallback: 'fb-ok-noprefill',
    title: 'a cut, and a fallback that refuses a prefill',
    limitMs: 40_000,
    checks: [],
  },
  // S15 is twenty requests; it has a test of its own.
  {
    id: 'S16',
    primary: 'fb-s16',
    title: 'the answer names the model that gave it, and the usage',
    limitMs: 40_000,
    checks: [
      ['names the fallback', ({ model }) => model === 'fb-ok'],
      ['has the usage', ({ hasUsage }) => hasUsage],
      ['asks at most six times', ({ primary }) => primary.length <= 6],
    ],
  },
]

/** Ours, beyond the catalogue. */
export const MORE_SCENARIOS: readonly Scenario[] = [
  {
    id: 'X01',
    primary: 'fb-x01',
    title: 'a clean end after 40 of 60 words, or no choices at all',
    limitMs: 40_000,
    checks: [],
  },
  {
    id: 'X02',
    primary: 'fb-x02',
    title: 'an error inside a 200, in the middle of a stream',
    limitMs: 40_000,
    checks: [],
  },
  { id: 'X03', primary: 'fb-x03', title: 'a whole answer with nothing in it', limitMs: 40_000, checks: [] },
]

function gap([first, second]: readonly Seen[]): number {
  return first === undefined || second === undefined ? 0 : second.atMs - first.atMs
}

function sentWithin(seen: readonly Seen[], ms: number): number {
  const [first] = seen
  return first === undefined ? 0 : seen.filter(({ atMs }) => atMs - first.atMs <= ms).length
}
