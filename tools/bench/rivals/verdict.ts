import { type Seen, TEXT } from '../../scenarios/wall.ts'
import type { Played } from './outcome.ts'

/** `partial`: right, but not as well as it could be. `safe`: no answer, and said so in time. */
export type Verdict = 'pass' | 'partial' | 'safe' | 'fail'

/** A check: whether it holds. */
type Check = (played: Played, primary: readonly Seen[]) => boolean

/** One of the public scenarios as it is judged: a required check that fails is a failure, an advisory one costs the full pass. */
export interface Rules {
  readonly id: string
  readonly title: string
  readonly primary: string
  readonly fallback: string
  /** After this it hangs, ms. */
  readonly limitMs: number
  /** The right outcome is an error. */
  readonly refuses?: boolean
  readonly required?: readonly Check[]
  readonly advisory?: readonly Check[]
}

const atMost =
  (attempts: number): Check =>
  (_played, primary) =>
    primary.length <= attempts
const again: Check = (_played, primary) => primary.length >= 2
const within =
  (ms: number): Check =>
  ({ durationMs }) =>
    durationMs <= ms

/** The public catalogue but for S15, which is twenty requests and judged in `outage.ts`. */
export const RULES: readonly Rules[] = [
  {
    ...scenario('S01', 'a rate limit of two seconds', 20_000),
    required: [(_played, primary) => sentWithin(primary, 1_500) <= 2],
    advisory: [again, (_played, primary) => gap(primary) >= 1_800],
  },
  {
    ...scenario('S02', 'a rate limit without end', 40_000),
    required: [(_played, primary) => sentWithin(primary, 3_000) <= 4, atMost(6)],
  },
  { ...scenario('S03', 'one 500', 20_000), advisory: [again] },
  { ...scenario('S04', '503 without end', 40_000), required: [atMost(6)] },
  scenario('S05', 'a reset before any byte', 20_000),
  { ...scenario('S06', 'silence', 130_000), required: [within(100_000)], advisory: [atMost(1)] },
  { ...scenario('S07', 'the first token after 20 s', 60_000), advisory: [within(15_000)] },
  scenario('S08', 'a cut after 40 of 60 words', 40_000),
  { ...scenario('S09', 'a stall after 20 words', 70_000), required: [within(45_000)] },
  scenario('S10', 'a malformed chunk', 30_000),
  {
    ...scenario('S11', 'no `[DONE]`', 30_000),
    required: [within(8_000)],
    advisory: [({ hasUsage }) => hasUsage],
  },
  {
    ...scenario('S12', 'a conversation that is too long', 20_000),
    required: [
      atMost(2),
      (_played, primary) =>
        primary.every((seen, index) => index === 0 || seen.size < (primary[index - 1]?.size ?? 0)),
    ],
  },
  {
    ...scenario('S13', 'a content filter: the caller must know', 20_000),
    refuses: true,
    required: [(_played, primary) => primary.length === 1],
  },
  {
    ...scenario('S14', 'a cut, and a fallback without prefill', 40_000),
    fallback: 'fb-ok-noprefill',
    required: [
      ({ failed, log }) =>
        !(
          failed && log.some(({ model, lastRole }) => model === 'fb-ok-noprefill' && lastRole === 'assistant')
        ),
    ],
  },
  {
    ...scenario('S16', 'who answered, and what it cost', 40_000),
    required: [atMost(6), ({ model, log }) => !answeredBy(log, 'fb-ok') || model === 'fb-ok'],
    advisory: [({ hasUsage }) => hasUsage],
  },
]

/** The public rules, in their order: hang, wrong text, required check, advisory check, honest error. */
export function judge(rules: Rules, played: Played): Verdict {
  const primary = played.log.filter(({ model }) => model === rules.primary)
  const whole = !played.failed && played.text.replace(/\s+/g, ' ').trim() === TEXT
  if (played.hung) return 'fail'
  if (rules.refuses !== true && !played.failed && !whole) return 'fail'
  if (rules.required?.some((holds) => !holds(played, primary)) === true) return 'fail'
  if (rules.refuses === true && !played.failed)
    return answeredBy(played.log, 'fb-ok') && whole ? 'partial' : 'fail'
  if (whole || (rules.refuses === true && played.failed))
    return rules.advisory?.some((holds) => !holds(played, primary)) === true ? 'partial' : 'pass'
  return 'safe'
}

function scenario(id: string, title: string, limitMs: number): Rules {
  return { id, title, primary: `fb-${id.toLowerCase()}`, fallback: 'fb-ok', limitMs }
}

function answeredBy(log: readonly Seen[], model: string): boolean {
  return log.some((seen) => seen.model === model)
}

function gap([first, second]: readonly Seen[]): number {
  return first === undefined || second === undefined ? 0 : second.atMs - first.atMs
}

function sentWithin(seen: readonly Seen[], ms: number): number {
  const [first] = seen
  return first === undefined ? 0 : seen.filter(({ atMs }) => atMs - first.atMs <= ms).length
}
