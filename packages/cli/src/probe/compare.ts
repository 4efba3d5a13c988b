import type { ProbeVerdict } from '@openmux/core'
import type { ProbedProvider, ProbeReport } from './report.js'

/** One thing that is not what it was. */
export type ProbeChange =
  | {
      readonly kind: 'verdict'
      readonly provider: string
      readonly check: string
      readonly endpoint: string
      readonly before: ProbeVerdict
      readonly after: ProbeVerdict
      readonly evidence: string
    }
  /** A check that only one of the reports has. */
  | {
      readonly kind: 'check-added' | 'check-removed'
      readonly provider: string
      readonly check: string
      readonly verdict: ProbeVerdict
    }
  | { readonly kind: 'provider-added' | 'provider-removed'; readonly provider: string }
  | { readonly kind: 'lifecycle'; readonly provider: string; readonly before: string; readonly after: string }
  | {
      readonly kind: 'package'
      readonly package: string
      readonly before: string | null
      readonly after: string | null
    }

/** What changed from one report to the next. */
export interface ProbeComparison {
  /** Date of the earlier report. */
  readonly since: string
  /** Date of the later one. */
  readonly until: string
  readonly changes: readonly ProbeChange[]
}

/**
 * What changed between two reports, in the order of the later one. Verdicts, checks, providers, lifecycles and versions
 * count; words, counts and durations do not. Where one of them probed fewer providers, the others are told as added or
 * removed. Pure.
 */
export function compareReports(before: ProbeReport, after: ProbeReport): ProbeComparison {
  const earlier = new Map(before.providers.map((provider) => [provider.id, provider]))
  const later = new Set(after.providers.map(({ id }) => id))
  const changes: readonly ProbeChange[] = [
    ...after.providers.flatMap((provider): readonly ProbeChange[] => {
      const old = earlier.get(provider.id)
      return old === undefined
        ? [{ kind: 'provider-added', provider: provider.id }]
        : providerChanges(old, provider)
    }),
    ...before.providers.flatMap(({ id }): readonly ProbeChange[] =>
      later.has(id) ? [] : [{ kind: 'provider-removed', provider: id }],
    ),
    ...packageChanges(before.packages, after.packages),
  ]
  return { since: before.date, until: after.date, changes }
}

function providerChanges(before: ProbedProvider, after: ProbedProvider): readonly ProbeChange[] {
  const { id: provider } = after
  const earlier = new Map(before.checks.map((check) => [check.id, check]))
  const later = new Set(after.checks.map(({ id }) => id))
  const stages = { before: stageOf(before), after: stageOf(after) }
  return [
    ...(stages.before === stages.after ? [] : [{ kind: 'lifecycle', provider, ...stages } as const]),
    ...after.checks.flatMap(({ id: check, endpoint, verdict, evidence }): readonly ProbeChange[] => {
      const old = earlier.get(check)
      if (old === undefined) return [{ kind: 'check-added', provider, check, verdict }]
      if (old.verdict === verdict) return []
      return [{ kind: 'verdict', provider, check, endpoint, before: old.verdict, after: verdict, evidence }]
    }),
    ...before.checks.flatMap(({ id: check, verdict }): readonly ProbeChange[] =>
      later.has(check) ? [] : [{ kind: 'check-removed', provider, check, verdict }],
    ),
  ]
}

function stageOf({ lifecycle }: ProbedProvider): string {
  return `${lifecycle.stage} since ${lifecycle.since}`
}

function packageChanges(
  before: ProbeReport['packages'],
  after: ProbeReport['packages'],
): readonly ProbeChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return names
    .map((name) => ({ name, was: before[name] ?? null, is: after[name] ?? null }))
    .filter(({ was, is }) => was !== is)
    .map(({ name, was, is }) => ({ kind: 'package', package: name, before: was, after: is }))
}
