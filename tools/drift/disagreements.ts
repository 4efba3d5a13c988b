import type { ProbeCheck, ProbeVerdict } from '@openmux/core'
import { judgeProvider, type ProbedProvider, type ProbeReport } from 'openmux'

/** One point on which the world and our packages differ. */
export interface Disagreement {
  readonly provider: string
  /** The check or test, stable from run to run. */
  readonly subject: string
  readonly kind: ProbeVerdict | 'live-test'
  /** The evidence, for people. */
  readonly found: string
  readonly advice: string
}

/** What a run found out. */
export interface Observation {
  readonly disagreements: readonly Disagreement[]
  /** Points that were looked at and agree, see {@link pointOf}. What is in neither could not be told. */
  readonly settled: ReadonlySet<string>
}

/** The name of a point. */
export function pointOf({ provider, subject }: Pick<Disagreement, 'provider' | 'subject'>): string {
  return `${provider} ${subject}`
}

/**
 * Where a report disagrees with the manifests, by the same judgement as `openmux probe`, check by check. Beyond that, a
 * refused key and a back end out of reach count from the second report in a row on.
 */
export function observeReport(report: ProbeReport, before: ProbeReport | undefined): Observation {
  const earlier = new Map(
    before?.providers.flatMap(({ id, checks }) =>
      checks.map((check) => [pointOf({ provider: id, subject: check.id }), check.verdict] as const),
    ),
  )
  const disagreements: Disagreement[] = []
  const settled = new Set<string>()
  for (const provider of report.providers) {
    for (const check of provider.checks) {
      const point = { provider: provider.id, subject: check.id }
      const alone = judgeProvider({ ...provider, checks: [check] }, report.date.slice(0, 10)).opinion
      if (alone === 'disagrees') disagreements.push({ ...point, ...told(check, provider) })
      else if (persists(check, provider, earlier.get(pointOf(point))))
        disagreements.push({ ...point, ...told(check, provider) })
      else if (alone === 'agrees' || check.verdict === 'quota') settled.add(pointOf(point))
    }
  }
  return { disagreements, settled }
}

/** What time cures, or a new key, is told when it lasts. */
function persists(
  { verdict, expected }: ProbeCheck,
  { lifecycle }: ProbedProvider,
  earlier: ProbeVerdict | undefined,
): boolean {
  if (lifecycle.stage === 'disabled' || expected === 'gone') return false
  return (verdict === 'unreachable' || verdict === 'unauthorised') && earlier === verdict
}

function told(
  check: ProbeCheck,
  { lifecycle }: ProbedProvider,
): Pick<Disagreement, 'kind' | 'found' | 'advice'> {
  // What answers although its manifest calls it dead is one thing, whatever the check itself expected.
  const kind = lifecycle.stage === 'disabled' ? 'works-again' : check.verdict
  const { purpose, endpoint, evidence } = check
  const stage = `${lifecycle.stage} since ${lifecycle.since}`
  return {
    kind,
    found: `${kind} (the manifest says ${stage}): ${purpose}, ${endpoint}: ${evidence}`,
    advice: adviceOn(kind, lifecycle.stage),
  }
}

function adviceOn(kind: ProbeVerdict, stage: ProbedProvider['lifecycle']['stage']): string {
  if (stage === 'disabled')
    return 'It answers again: enable it in the manifest, and release that package alone.'
  const advice: Partial<Record<ProbeVerdict, string>> = {
    'works-again': 'What the package believes to be retired answers: look whether it should be used again.',
    gone:
      stage === 'deprecated'
        ? 'The end that was announced has come: set the stage to disabled.'
        : 'Mend the package, or set its stage to deprecated or disabled, with what to use instead.',
    moved: 'Read why it moved, then follow it in the package.',
    'changed-shape': 'Mend the reader of the package, and put the answer into the fixtures.',
    unauthorised:
      'Refused in two runs: renew the key of the scheduled run, or find out what is asked for now.',
    unreachable: 'Out of reach in two runs: look whether it is for good.',
  }
  return advice[kind] ?? 'Look at it.'
}
