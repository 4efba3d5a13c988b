import type { Verdict } from '../contract/decision.js'
import {
  floorCrossed,
  isPartName,
  type PolicyName,
  type PolicyOptions,
  readPolicy,
} from '../plan/policies.js'
import { weigh } from '../plan/score.js'
import { plainName } from '../plan/spelling.js'
import type { ReplayableCandidate, ReplayableDecision, ReplayRules } from './replayable.js'

/** What is to be tried on old decisions. Absent members: as it was. */
export interface ReplayConfig {
  readonly policy?: PolicyName | PolicyOptions
  /** Providers (`provider`) or models (`provider/model`) in the order they should have; the others follow in theirs. */
  readonly order?: readonly string[]
}

/** A candidate as it would have stood. */
export interface ReplayedCandidate {
  readonly provider: string
  readonly model?: string
  /** Absent where it was never scored. */
  readonly score?: number
  /** Why it would be out. Absent: it would be tried, in the order listed. */
  readonly cut?: string
  /** What became of it then. */
  readonly verdict: Verdict
}

/** One decision under other rules. */
export interface Replayed {
  /** In the order they would be tried, cut ones last. */
  readonly candidates: readonly ReplayedCandidate[]
  /** Who would be tried first, and what became of it then: `not-tried` means that nobody knows. */
  readonly first?: ReplayedCandidate
  /** Whether the order of those tried is the same as it was. */
  readonly same: boolean
}

/** Many decisions under other rules. */
export interface ReplayReport {
  readonly replayed: readonly Replayed[]
  /** Decisions whose first candidate would be another. */
  readonly otherFirst: number
  /** How often each would be first now, and was then, by `provider/model`; most often first. */
  readonly firsts: readonly { readonly target: string; readonly before: number; readonly after: number }[]
}

/**
 * What the same moments would have led to under another policy or order: everything that was known of the candidates
 * then, weighed anew. Pure. What a candidate that was not tried would have answered, nobody can say; what was cut for
 * another reason than a floor stays cut. A record replayed with its own rules gives itself.
 * Errors: `bad-request` for a policy that is none.
 */
export function replay(records: readonly ReplayableDecision[], config: ReplayConfig = {}): ReplayReport {
  const policy = config.policy === undefined ? undefined : readPolicy(config.policy)
  const replayed = records.map((record) => replayOne(record, policy, config.order))
  const counts = new Map<string, { before: number; after: number }>()
  const count = (candidate: Named | undefined, when: 'before' | 'after'): void => {
    if (candidate === undefined) return
    const target = targetOf(candidate)
    const known = counts.get(target) ?? { before: 0, after: 0 }
    known[when] += 1
    counts.set(target, known)
  }
  let otherFirst = 0
  for (const [index, { first }] of replayed.entries()) {
    const before = records[index]?.candidates.find(({ verdict }) => verdict !== 'cut')
    count(before, 'before')
    count(first, 'after')
    if ((before && targetOf(before)) !== (first && targetOf(first))) otherFirst += 1
  }
  const firsts = [...counts]
    .map(([target, known]) => ({ target, ...known }))
    .sort((a, b) => b.after - a.after || b.before - a.before || (a.target < b.target ? -1 : 1))
  return { replayed, otherFirst, firsts }
}

interface Named {
  readonly provider: string
  readonly model?: string | undefined
}

function replayOne(
  record: ReplayableDecision,
  policy: ReplayRules | undefined,
  order: readonly string[] | undefined,
): Replayed {
  const rules = policy ?? record.rules
  const judged = record.candidates.map((candidate, index) => ({
    // Where the caller's own order decided nobody was scored: they stand as they are listed.
    candidate: candidate.parts === undefined ? { place: index, ...candidate } : candidate,
    cut: whyCut(candidate, rules, policy === undefined),
  }))
  const kept = judged.filter(({ cut }) => cut === undefined).map(({ candidate }) => candidate)
  const wasKept = record.candidates.filter(({ verdict }) => verdict !== 'cut')
  // As it was computed then, unless something about places is different now.
  const placesChanged = order !== undefined || kept.length !== wasKept.length
  const places = placesOf(kept, order)
  const most = kept.reduce((highest, candidate) => Math.max(highest, (places.get(candidate) ?? 0) + 1), 0)
  const scored = kept.map((candidate) => {
    const place = places.get(candidate) ?? 0
    const parts = (candidate.parts ?? []).flatMap(({ name, value }) => {
      if (!isPartName(name)) return []
      return [{ name, value: name === 'order' && placesChanged ? Math.max(0, 1 - place / most) : value }]
    })
    return {
      candidate,
      place,
      score: weigh(parts, rules.weights),
      usable: restOf(candidate) <= rules.patienceMs,
    }
  })
  const sorted = scored.sort(
    (a, b) =>
      Number(a.candidate.lastResort ?? false) - Number(b.candidate.lastResort ?? false) ||
      Number(b.candidate.preferred ?? false) - Number(a.candidate.preferred ?? false) ||
      // Preferences are the caller's own order; neither score nor rest changes it.
      (a.candidate.preferred === true ? a.place - b.place : 0) ||
      Number(b.usable) - Number(a.usable) ||
      b.score - a.score ||
      a.place - b.place ||
      compare(a.candidate.provider, b.candidate.provider) ||
      compare(a.candidate.model ?? '', b.candidate.model ?? ''),
  )
  const tried = sorted.map(({ candidate, score }): ReplayedCandidate => ({
    ...plain(candidate),
    ...(candidate.parts !== undefined && { score }),
  }))
  const out = judged.flatMap(({ candidate, cut }): ReplayedCandidate[] =>
    cut === undefined ? [] : [{ ...plain(candidate), cut }],
  )
  const [first] = tried
  return {
    candidates: [...tried, ...out],
    ...(first !== undefined && { first }),
    same: tried.map(targetOf).join('\n') === wasKept.map(targetOf).join('\n'),
  }
}

function whyCut(
  candidate: ReplayableCandidate,
  rules: ReplayRules,
  isOwnPolicy: boolean,
): string | undefined {
  if (candidate.verdict === 'cut' && candidate.byFloor !== true)
    return 'cut then, for a reason that is no floor'
  if (candidate.parts === undefined && candidate.lastResort !== true) {
    if (candidate.verdict === 'cut') return 'cut then, before it was scored'
    return isOwnPolicy ? undefined : 'not scored then: the order of the caller decided'
  }
  const { locality = 'remote', free, contextTokens } = candidate
  return floorCrossed(rules.floors, locality, {
    ...(free !== undefined && { free }),
    ...(contextTokens !== undefined && { contextTokens }),
  })
}

/** The places they had, or those of the new order: named ones first, the others behind them as they were. */
function placesOf(
  kept: readonly ReplayableCandidate[],
  order: readonly string[] | undefined,
): ReadonlyMap<ReplayableCandidate, number> {
  if (order === undefined) return new Map(kept.map((candidate) => [candidate, candidate.place ?? 0]))
  const wanted = order.map(plainName)
  const rankOf = ({ provider, model = '' }: ReplayableCandidate): number => {
    const names = [plainName(provider), plainName(`${provider}/${model}`)]
    const at = wanted.findIndex((name) => names.includes(name))
    return at < 0 ? wanted.length : at
  }
  const sorted = kept.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.place ?? 0) - (b.place ?? 0))
  return new Map(sorted.map((candidate, place) => [candidate, place]))
}

function restOf({ usableInMs = 0 }: ReplayableCandidate): number {
  return usableInMs === 'never' ? Infinity : usableInMs
}

function plain({ provider, model, verdict }: ReplayableCandidate): ReplayedCandidate {
  return { provider, verdict, ...(model !== undefined && { model }) }
}

function targetOf({ provider, model }: Named): string {
  return model === undefined ? provider : `${provider}/${model}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
