import type { Verdict } from '../contract/decision.js'
import type { Locality } from '../contract/locality.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import { type Floors, isPartName, SCORE_PARTS, type Weights } from '../plan/policies.js'
import { checkAmount, notAsExpected } from '../plan/score-fault.js'

/** What candidates were put in order by: a policy without its name. */
export interface ReplayRules {
  readonly weights: Weights
  readonly patienceMs: number
  readonly floors: Floors
}

/** What a decision record must say of a candidate so that another policy can be tried on it. */
export interface ReplayableCandidate {
  readonly provider: string
  readonly model?: string | undefined
  readonly verdict: Verdict
  /** Of a `cut` one: a floor of the policy cut it, and another policy may not. Every other cut stays. */
  readonly byFloor?: boolean | undefined
  /** Every part of its score, also those that weigh nothing. Absent: it was cut before it was scored. */
  readonly parts?:
    | readonly { readonly name: string; readonly value: number; readonly reason: string }[]
    | undefined
  /** Its place in the caller's order, from 0. */
  readonly place?: number | undefined
  /** A preference of the request names it: it goes before all scores. */
  readonly preferred?: boolean | undefined
  /** It declared itself a last resort: behind everybody else under every policy. */
  readonly lastResort?: boolean | undefined
  /** Time until it could be asked, at that moment, ms; `never`: not until somebody acts. Absent: at once. */
  readonly usableInMs?: number | 'never' | undefined
  /** Where it runs: a hosted model of a local provider is `remote`. */
  readonly locality?: Locality | undefined
  /** Absent: not known. */
  readonly free?: boolean | undefined
  readonly contextTokens?: number | undefined
}

/** A decision record that can be replayed. */
export interface ReplayableDecision {
  /** The name of the policy that decided. */
  readonly policy: string
  readonly rules: ReplayRules
  /** In the order they were or would have been tried, cut ones last. */
  readonly candidates: readonly ReplayableCandidate[]
}

/**
 * Reads a decision record that comes from a file. Errors: `bad-request` with the `field` that is wrong. Members that
 * replaying does not need are let through unread.
 */
export function readReplayable(value: unknown, field = 'record'): ReplayableDecision {
  const record = object(value, field)
  const rules = object(record['rules'], `${field}.rules`)
  const weights = object(rules['weights'], `${field}.rules.weights`)
  const floors = object(rules['floors'], `${field}.rules.floors`)
  for (const name of SCORE_PARTS) checkAmount(weights[name], `${field}.rules.weights.${name}`)
  checkAmount(rules['patienceMs'], `${field}.rules.patienceMs`)
  optional('boolean', floors, ['localOnly', 'zeroCost'], `${field}.rules.floors`)
  optional('number', floors, ['minContextTokens'], `${field}.rules.floors`)
  if (typeof record['policy'] !== 'string') throw wrong(`${field}.policy`, 'a name')
  const { candidates } = record
  if (!Array.isArray(candidates)) throw wrong(`${field}.candidates`, 'an array')
  for (const [index, candidate] of candidates.entries())
    checkCandidate(candidate, `${field}.candidates[${index}]`)
  return value as ReplayableDecision
}

const VERDICTS: readonly string[] = ['cut', 'planned', 'answered', 'failed', 'not-tried'] satisfies Verdict[]

function checkCandidate(value: unknown, field: string): void {
  const candidate = object(value, field)
  if (typeof candidate['provider'] !== 'string') throw wrong(`${field}.provider`, 'a name')
  optional('string', candidate, ['model'], field)
  optional('boolean', candidate, ['byFloor', 'preferred', 'free', 'lastResort'], field)
  optional('number', candidate, ['place', 'contextTokens'], field)
  const { verdict, usableInMs, locality, parts } = candidate
  if (typeof verdict !== 'string' || !VERDICTS.includes(verdict))
    throw wrong(`${field}.verdict`, `one of ${VERDICTS.join(', ')}`)
  if (usableInMs !== undefined && usableInMs !== 'never') checkAmount(usableInMs, `${field}.usableInMs`)
  if (locality !== undefined && locality !== 'local' && locality !== 'remote')
    throw wrong(`${field}.locality`, 'local or remote')
  if (parts === undefined) return
  if (!Array.isArray(parts)) throw wrong(`${field}.parts`, 'an array')
  for (const [index, part] of parts.entries()) {
    const at = `${field}.parts[${index}]`
    const { name, value: number, reason } = object(part, at)
    if (typeof name !== 'string' || !isPartName(name))
      throw wrong(`${at}.name`, `one of ${SCORE_PARTS.join(', ')}`)
    checkAmount(number, `${at}.value`)
    if (typeof reason !== 'string') throw wrong(`${at}.reason`, 'a text')
  }
}

function object(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(field, 'an object')
  return value as Readonly<Record<string, unknown>>
}

function optional(
  type: 'string' | 'boolean' | 'number',
  from: Readonly<Record<string, unknown>>,
  names: readonly string[],
  field: string,
): void {
  for (const name of names) {
    const value = from[name]
    if (value !== undefined && typeof value !== type) throw wrong(`${field}.${name}`, `a ${type}`)
  }
}

function wrong(field: string, expected: string): OpenMuxError {
  return notAsExpected(
    field,
    expected,
    'Give decision records as results carry them; those of older versions cannot be replayed.',
  )
}
