import type { ProbeCheck, ProbeVerdict } from '@openmux/core'
import type { ProbedProvider, ProbeReport } from './report.js'

/**
 * Whether a back end is what its package says.
 * - `agrees`: what could be told is as believed.
 * - `disagrees`: something believed to work does not, or something believed to be gone or disabled works.
 * - `inconclusive`: nothing disagrees, and what matters could not be told.
 */
export type Opinion = 'agrees' | 'disagrees' | 'inconclusive'

/** What a report says about one provider. */
export interface Judgement {
  readonly provider: string
  readonly opinion: Opinion
  /** Why, in whole sentences; what disagrees first. */
  readonly sentences: readonly string[]
}

/** Verdicts by which the upstream, and not the key, the quota or the network of the day, has changed. */
const DRIFT: readonly ProbeVerdict[] = ['moved', 'gone', 'changed-shape', 'works-again']

/** Judges every provider of a report, in its order. Pure. */
export function judge(report: ProbeReport): readonly Judgement[] {
  return report.providers.map((provider) => judgeProvider(provider, report.date.slice(0, 10)))
}

/** Judges one provider. `today` is `YYYY-MM-DD`. */
export function judgeProvider(provider: ProbedProvider, today: string): Judgement {
  const { id, skipped, lifecycle } = provider
  const review =
    lifecycle.nextReview !== undefined && lifecycle.nextReview <= today
      ? [`A person should have looked again by ${lifecycle.nextReview}.`]
      : []
  if (skipped !== undefined)
    return {
      provider: id,
      opinion: 'inconclusive',
      sentences: [`Nothing was checked: ${skipped}.`, ...review],
    }
  const judged = lifecycle.stage === 'disabled' ? judgeDisabled(provider) : judgeInUse(provider)
  return { provider: id, ...judged, sentences: [...judged.sentences, ...review] }
}

type Judged = Omit<Judgement, 'provider'>

function judgeInUse({ id, checks, lifecycle }: ProbedProvider): Judged {
  const drifted = checks.filter(hasDrifted)
  const open = checks.filter(isOpen)
  const routes = checks.filter(({ task, verdict }) => task !== undefined && verdict !== 'not-checked')
  if (drifted.length > 0) {
    const all =
      routes.length > 0 && routes.every((check) => hasDrifted(check))
        ? [
            `Nothing that ${id} is used for answers any more, and its package says ${lifecycle.stage} since ${lifecycle.since}.`,
          ]
        : []
    return { opinion: 'disagrees', sentences: [...all, ...sentencesOf(drifted), ...sentencesOf(open)] }
  }
  if (open.length > 0) return { opinion: 'inconclusive', sentences: sentencesOf(open) }
  const sure = checks.filter(({ verdict, expected }) => verdict === expected)
  return sure.length > 0
    ? { opinion: 'agrees', sentences: [`${counted(sure.length)} as expected.`] }
    : { opinion: 'inconclusive', sentences: ['Nothing could be checked.', ...sentencesOf(checks)] }
}

/** A disabled back end is expected to fail, in whatever way; what must be told is that it no longer does. */
function judgeDisabled({ checks, lifecycle }: ProbedProvider): Judged {
  const { since, reason } = lifecycle
  const said = `its package says disabled since ${since}${reason === undefined ? '' : ` (${reason.replace(/\.$/, '')})`}`
  const back = checks.filter(
    ({ verdict, task, expected }) =>
      verdict === 'works-again' ||
      (task !== undefined && expected === 'as-expected' && verdict === 'as-expected'),
  )
  if (back.length > 0) {
    return {
      opinion: 'disagrees',
      sentences: back.map((check) => `${named(check)} works again, and ${said}. ${check.evidence}`),
    }
  }
  const routes = checks.filter(({ task }) => task !== undefined)
  // Out of reach may be the fault of this network.
  const dead = routes.filter(({ verdict }) => DRIFT.includes(verdict))
  return dead.length > 0
    ? {
        opinion: 'agrees',
        sentences: [`It does not work, and ${said}.`, ...sentencesOf(dead)],
      }
    : {
        opinion: 'inconclusive',
        sentences: [`Whether it works again could not be told; ${said}.`, ...sentencesOf(routes)],
      }
}

function hasDrifted({ verdict, expected }: ProbeCheck): boolean {
  return verdict !== expected && DRIFT.includes(verdict)
}

/** Something that was asked and gave no answer to go by. A retired address that cannot be reached is gone enough. */
function isOpen({ verdict, expected }: ProbeCheck): boolean {
  return expected === 'as-expected' && ['unauthorised', 'quota', 'unreachable'].includes(verdict)
}

/** What became of a check, behind its name. */
const ONE: Readonly<Record<ProbeVerdict, string>> = {
  'as-expected': 'is as expected',
  'works-again': 'works again, and the package believes it to be gone',
  moved: 'has moved',
  gone: 'is gone',
  'changed-shape': 'has changed its form',
  unauthorised: 'was refused',
  quota: 'is out of quota',
  unreachable: 'could not be reached',
  'not-checked': 'was not checked',
}

/** The same of several. */
const SEVERAL: Readonly<Record<ProbeVerdict, string>> = {
  'as-expected': 'are as expected',
  'works-again': 'work again, and the package believes them to be gone',
  moved: 'have moved',
  gone: 'are gone',
  'changed-shape': 'have changed their form',
  unauthorised: 'were refused',
  quota: 'are out of quota',
  unreachable: 'could not be reached',
  'not-checked': 'were not checked',
}

/** One sentence for all checks that found the same for the same reason. */
function sentencesOf(checks: readonly ProbeCheck[]): readonly string[] {
  const groups = Map.groupBy(checks, ({ verdict, evidence }) => `${verdict} ${evidence}`)
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group
    if (first === undefined) return []
    const who = others.length === 0 ? named(first) : group.map(({ id }) => id).join(', ')
    return [`${who} ${others.length === 0 ? ONE[first.verdict] : SEVERAL[first.verdict]}. ${first.evidence}`]
  })
}

function named({ id, endpoint }: ProbeCheck): string {
  return `${id} (${endpoint})`
}

function counted(checks: number): string {
  return checks === 1 ? '1 check is' : `${checks} checks are`
}
