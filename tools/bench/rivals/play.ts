import { fastClock } from '../../scenarios/fast-clock.ts'
import { TEXT, Wall } from '../../scenarios/wall.ts'
import type { Asked, Played, System } from './outcome.ts'
import { judge, type Rules, type Verdict } from './verdict.ts'

/** The caller gives up this long after the limit of a scenario, ms. */
const GRACE_MS = 1_000
/** S06 is lost after this time whatever happens, and nobody need wait for the rest, ms. */
const LONGEST_MS = 101_000

/** S15: a primary that is down for a minute, as in the catalogue. */
const OUTAGE_MS = 60_000
const REQUESTS = 20
const EVERY_MS = 4_000
const REQUEST_LIMIT_MS = 30_000
const RECOVERY_MS = 30_000

/** Plays one scenario at real speed, each with an upstream of its own, and judges it. */
export async function play(system: System, rules: Rules): Promise<Verdict> {
  return withWall(system, rules.primary, rules.fallback, async (wall, ask) =>
    judge(rules, { ...(await ask(Math.min(rules.limitMs + GRACE_MS, LONGEST_MS))), log: [...wall.log] }),
  )
}

/** Twenty requests, one after another; the next waits for its moment or for the one before. */
export async function playOutage(system: System): Promise<Verdict> {
  return withWall(system, 'fb-s15', 'fb-ok', async (_wall, ask) => {
    const started = Date.now()
    const answers: (Played & { readonly at: number })[] = []
    for (let request = 0; request < REQUESTS; request += 1) {
      await pause(started + request * EVERY_MS - Date.now())
      const at = Date.now() - started
      answers.push({ at, ...(await ask(REQUEST_LIMIT_MS)) })
    }
    const whole = ({ failed, text }: Played): boolean => !failed && text === TEXT
    const wrong = answers.some((answer) => answer.hung || (!answer.failed && !whole(answer)))
    const down = answers.filter(({ at }) => at < OUTAGE_MS)
    const back = answers.find(
      (answer) => answer.at >= OUTAGE_MS && whole(answer) && answer.model === 'fb-s15',
    )
    if (wrong || !down.every(whole) || back === undefined || back.at > OUTAGE_MS + RECOVERY_MS) return 'fail'
    return answers.every(whole) ? 'pass' : 'safe'
  })
}

type Ask = (limitMs: number) => Promise<Played>

async function withWall(
  system: System,
  primary: string,
  fallback: string,
  work: (wall: Wall, ask: Ask) => Promise<Verdict>,
): Promise<Verdict> {
  const wall = new Wall(fastClock(1))
  const opened = system.open(await wall.listen(), primary, fallback)
  wall.reset()
  try {
    return await work(wall, (limitMs) => askWithin(opened.ask, limitMs))
  } finally {
    await opened.close?.()
    await wall.close()
  }
}

async function askWithin(ask: (signal: AbortSignal) => Promise<Asked>, limitMs: number): Promise<Played> {
  const controller = new AbortController()
  const started = Date.now()
  const nothing: Asked = { text: '', failed: true, hasUsage: false }
  const asking = ask(controller.signal).catch(() => nothing)
  const asked = await Promise.race([asking, pause(limitMs)])
  controller.abort()
  const durationMs = Date.now() - started
  return { ...(asked ?? nothing), hung: asked === undefined, durationMs, log: [] }
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), Math.max(0, ms)).unref())
}
