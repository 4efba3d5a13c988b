import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.js'
import type { LimitRule, LimitWindow } from '../contract/limit.js'
import type { Allowance } from '../ledger/allowance.js'
import type { Breaker } from '../ledger/breakers.js'
import type { Cooldown, CooldownArea } from '../ledger/cooldowns.js'
import type { LedgerState } from '../ledger/ledger.js'
import { type EventLog, MOST_EVENTS } from '../ledger/event-log.js'
import { LONGEST_WAIT_MS } from '../ledger/limit-windows.js'
import { MOST_LOADS, MOST_SAMPLES, type Sample, type TargetRecord } from '../ledger/performance.js'
import { shortName } from '../ledger/target.js'

/** The mark of a ledger's file. */
export const SNAPSHOT_FORMAT = 'openmux-ledger'
/** The version of the form this package writes. It reads this one. */
export const SNAPSHOT_VERSION = 1

/**
 * A whole ledger as plain data, for a file or another store. It holds names of providers, origins and models, times,
 * counts and codes: no key, no text of a request, an answer or an error.
 */
export interface LedgerSnapshot extends Omit<LedgerState, 'allowances'> {
  readonly format: typeof SNAPSHOT_FORMAT
  readonly version: typeof SNAPSHOT_VERSION
  /** ms since 1970. */
  readonly savedAt: number
  readonly allowances: readonly Omit<Allowance, 'unsaved'>[]
}

/** What a ledger knows, in the form that is stored. */
export function snapshotWith(state: LedgerState, now: number): LedgerSnapshot {
  const allowances = state.allowances.map(({ unsaved: _unsaved, ...allowance }) => allowance)
  return { format: SNAPSHOT_FORMAT, version: SNAPSHOT_VERSION, savedAt: now, ...state, allowances }
}

/** What could be read of stored data. */
export interface ReadSnapshot {
  /** Undefined: it is nothing of ours that this version could read. */
  readonly snapshot?: LedgerSnapshot
  /** Whether it must not be written over: it is newer, or something else. */
  readonly foreign: boolean
  /** What was left out, for people. */
  readonly dropped: readonly string[]
}

const AREAS: ReadonlySet<string> = new Set<CooldownArea>([
  'model',
  'endpoint',
  'provider',
  'key',
  'account',
  'unruled',
  'rule',
  'machine',
])
const SCOPES: ReadonlySet<unknown> = new Set(['key', 'account', 'model', 'endpoint', 'provider'])
const UNITS: ReadonlySet<unknown> = new Set(['requests', 'tokens', 'usd'])
/** Entries read of each kind: a hostile file costs no memory. */
const MOST_ENTRIES = 10_000
/** How far ahead a written time may lie: clocks differ, and are put back. */
const AHEAD_MS = 60_000

type Fields = Readonly<Record<string, unknown>>

/** Reads stored data: whatever is damaged, foreign, from the future or newer is left out. Never throws. */
export function readSnapshot(stored: unknown, now: number): ReadSnapshot {
  if (stored === undefined || stored === null) return { foreign: false, dropped: [] }
  const fields = fieldsOf(stored)
  if (fields?.['format'] !== SNAPSHOT_FORMAT)
    return { foreign: true, dropped: ['what is stored is not a ledger of OpenMux; it was left alone'] }
  const { version } = fields
  if (version !== SNAPSHOT_VERSION) {
    const what =
      typeof version === 'number' && version > SNAPSHOT_VERSION
        ? 'was written by a newer OpenMux'
        : 'has no known version'
    return { foreign: true, dropped: [`the stored ledger ${what}; it was left alone`] }
  }
  const dropped: string[] = []
  const list = <T>(name: string, read: (entry: Fields, now: number) => T | undefined): T[] => {
    const entries: unknown = fields[name]
    if (!Array.isArray(entries)) {
      dropped.push(`${name}: not a list`)
      return []
    }
    const all = (entries as readonly unknown[]).slice(0, MOST_ENTRIES)
    const good = all.flatMap((entry) => {
      const members = fieldsOf(entry)
      return (members === undefined ? undefined : read(members, now)) ?? []
    })
    const bad = entries.length - good.length
    if (bad > 0) dropped.push(`${name}: ${bad} of ${entries.length} entries could not be read`)
    return good
  }
  const snapshot: LedgerSnapshot = {
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    savedAt: timeIn(fields['savedAt'], now) ?? 0,
    forgotten: list('forgotten', ({ provider, at }) => {
      const time = timeIn(at, now)
      return typeof provider === 'string' && time !== undefined ? { provider, at: time } : undefined
    }),
    cooldowns: list('cooldowns', readCooldown),
    breakers: list('breakers', readBreaker),
    allowances: list('allowances', readAllowance),
    targets: list('targets', readRecord),
  }
  return { snapshot: withoutForgotten(snapshot), foreign: false, dropped }
}

/** Without what was learned about a provider before it was forgotten. */
export function withoutForgotten(snapshot: LedgerSnapshot): LedgerSnapshot {
  if (snapshot.forgotten.length === 0) return snapshot
  const since = new Map<string, number>()
  for (const { provider, at } of snapshot.forgotten)
    since.set(provider, Math.max(at, since.get(provider) ?? 0))
  const from = (provider: string): number => since.get(provider) ?? -1
  return {
    ...snapshot,
    forgotten: [...since].map(([provider, at]) => ({ provider, at })),
    cooldowns: snapshot.cooldowns.filter(({ provider, at }) => at > from(provider)),
    allowances: snapshot.allowances.map(({ baseline, told, ...rest }) => ({
      ...rest,
      sent: rest.sent.filter(([at]) => at > from(rest.provider)),
      ...(told !== undefined && told.at > from(rest.provider) && { told }),
      ...(baseline !== undefined && baseline.at > from(rest.provider) && { baseline }),
    })),
  }
}

function readCooldown(entry: Fields, now: number): Cooldown | undefined {
  const { area, provider, name, lastResort } = entry
  const code = codeIn(entry['code'])
  const at = timeIn(entry['at'], now)
  const until = countIn(entry['until'])
  const strikes = countIn(entry['strikes'])
  if (
    typeof area !== 'string' ||
    !AREAS.has(area) ||
    typeof provider !== 'string' ||
    typeof name !== 'string'
  )
    return undefined
  if (code === undefined || at === undefined || until === undefined || strikes === undefined) return undefined
  if (until > now + LONGEST_WAIT_MS || typeof lastResort !== 'boolean') return undefined
  return {
    area: area as CooldownArea,
    provider,
    name: shortName(name),
    code,
    until,
    strikes: Math.min(strikes, 99),
    lastResort,
    at,
  }
}

function readBreaker(entry: Fields, now: number): Breaker | undefined {
  const { origin, model } = entry
  const code = codeIn(entry['code'])
  const at = timeIn(entry['at'], now)
  const until = countIn(entry['until'])
  const failures = countIn(entry['failures'])
  const opens = countIn(entry['opens'])
  if (typeof origin !== 'string' || (model !== undefined && typeof model !== 'string')) return undefined
  if (
    code === undefined ||
    at === undefined ||
    until === undefined ||
    failures === undefined ||
    opens === undefined
  )
    return undefined
  if (until > now + AHEAD_MS) return undefined
  return {
    origin: shortName(origin),
    ...(model !== undefined && { model: shortName(model) }),
    failures,
    opens: Math.min(opens, 99),
    until,
    code,
    at,
  }
}

function readAllowance(entry: Fields, now: number): Omit<Allowance, 'unsaved'> | undefined {
  const { provider, id, scope, unit, model, origin } = entry
  if (typeof provider !== 'string' || typeof id !== 'string' || !SCOPES.has(scope) || !UNITS.has(unit))
    return undefined
  const sent = readLog(entry['sent'], now)
  if (sent === undefined) return undefined
  const told = fieldsOf(entry['told'])
  const toldLimit = countIn(told?.['limit'])
  const toldAt = timeIn(told?.['at'], now)
  const said = fieldsOf(entry['baseline'])
  const used = countIn(said?.['used'])
  const at = timeIn(said?.['at'], now)
  const until = countIn(said?.['until'])
  const rule = readRule(entry['rule'])
  return {
    provider,
    id: shortName(id),
    scope: scope as Allowance['scope'],
    unit: unit as Allowance['unit'],
    ...(typeof model === 'string' && { model: shortName(model) }),
    ...(typeof origin === 'string' && { origin: shortName(origin) }),
    ...(rule !== undefined && { rule }),
    ...(toldLimit !== undefined && toldAt !== undefined && { told: { limit: toldLimit, at: toldAt } }),
    ...(used !== undefined &&
      at !== undefined &&
      !(until !== undefined && until > now + LONGEST_WAIT_MS) && {
        baseline: { at, used, ...(until !== undefined && { until }) },
      }),
    sent,
  }
}

function readRule(value: unknown): LimitRule | undefined {
  const rule = fieldsOf(value)
  if (rule === undefined) return undefined
  const { id, scope, unit, countsFailures, source } = rule
  const amount = countIn(rule['amount'])
  const window = readWindow(rule['window'])
  if (typeof id !== 'string' || !SCOPES.has(scope) || (unit !== 'requests' && unit !== 'tokens'))
    return undefined
  if (
    amount === undefined ||
    window === undefined ||
    typeof countsFailures !== 'boolean' ||
    typeof source !== 'string'
  )
    return undefined
  return { id, scope: scope as LimitRule['scope'], unit, amount, window, countsFailures, source }
}

function readWindow(value: unknown): LimitWindow | undefined {
  const window = fieldsOf(value)
  const kind = window?.['kind']
  if (kind === 'utc-day' || kind === 'utc-month') return { kind }
  const ms = countIn(window?.['ms'])
  return kind === 'rolling' && ms !== undefined && ms > 0 ? { kind, ms } : undefined
}

function readRecord(entry: Fields, now: number): TargetRecord | undefined {
  const { provider, model, samples, loads } = entry
  if (
    typeof provider !== 'string' ||
    typeof model !== 'string' ||
    !Array.isArray(samples) ||
    !Array.isArray(loads)
  )
    return undefined
  const last = timeIn(entry['lastSuccessAt'], now)
  return {
    provider,
    model: shortName(model),
    samples: (samples as readonly unknown[])
      .flatMap((sample) => readSample(sample, now) ?? [])
      .slice(-MOST_SAMPLES),
    loads: (readLog(loads, now) ?? []).slice(-MOST_LOADS),
    ...(last !== undefined && { lastSuccessAt: last }),
  }
}

function readSample(value: unknown, now: number): Sample | undefined {
  const sample = fieldsOf(value)
  const at = timeIn(sample?.['at'], now)
  const ok = sample?.['ok']
  if (at === undefined || typeof ok !== 'boolean') return undefined
  const firstTokenMs = countIn(sample?.['firstTokenMs'])
  const msPerToken = countIn(sample?.['msPerToken'])
  return {
    at,
    ok,
    ...(firstTokenMs !== undefined && { firstTokenMs }),
    ...(msPerToken !== undefined && { msPerToken }),
  }
}

/** Undefined when a single entry is damaged: a wrong count is worse than none. */
function readLog(value: unknown, now: number): EventLog | undefined {
  if (!Array.isArray(value) || value.length > MOST_EVENTS) return undefined
  const log: (readonly [number, number])[] = []
  for (const entry of value as readonly unknown[]) {
    const [first, amount] = Array.isArray(entry) ? (entry as readonly unknown[]) : []
    const at = timeIn(first, now)
    if (at === undefined || typeof amount !== 'number' || !Number.isFinite(amount)) return undefined
    log.push([at, amount])
  }
  return log.toSorted(([a], [b]) => a - b)
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

function codeIn(value: unknown): ErrorCode | undefined {
  return typeof value === 'string' && Object.hasOwn(ERROR_CODES, value) ? (value as ErrorCode) : undefined
}

function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 1e15 ? value : undefined
}

/** A time that has been: what lies ahead was written by a wrong clock. */
function timeIn(value: unknown, now: number): number | undefined {
  const time = countIn(value)
  return time !== undefined && time <= now + AHEAD_MS ? time : undefined
}
