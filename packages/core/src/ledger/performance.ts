import { BoundedMap } from './bounded-map.js'
import { keyOf, type Target } from './target.js'

/** One request, as it was measured. Times in ms. */
export interface Sample {
  /** When it ended, ms since 1970. */
  readonly at: number
  readonly ok: boolean
  /** Until the first piece of the answer, without the loading of the model. */
  readonly firstTokenMs?: number
  /** A token of the answer, after the first. */
  readonly msPerToken?: number
  readonly loadMs?: number
}

/** What is remembered about the work of one target. */
export interface TargetRecord {
  readonly provider: string
  readonly model: string
  /** At most {@link MOST_SAMPLES}, the oldest first. */
  readonly samples: readonly Sample[]
  /** The last loads: rare, and not to be pushed out by many answers from a loaded model. */
  readonly loads: readonly (readonly [at: number, ms: number])[]
  readonly lastSuccessAt?: number
}

/** Half of all values lie below `p50`, nineteen of twenty below `p95`; recent ones weigh more. ms. */
export interface Spread {
  readonly p50: number
  readonly p95: number
}

/** How a target did, as far as it is known. */
export interface Performance {
  /** Until the first piece of an answer, without the loading of the model. */
  readonly firstTokenMs?: Spread
  /** ms a token of an answer, after the first: the median. */
  readonly msPerToken?: number
  /** From 0 to 1; 1 when nothing is known or it was long ago. Limits and faults of callers do not count. */
  readonly successRate: number
  /** Requests it is known from. */
  readonly samples: number
  /** How long loading the model took. */
  readonly loadMs?: Spread
  /** ms since 1970. */
  readonly lastSuccessAt?: number
}

/** Samples kept of one target. */
export const MOST_SAMPLES = 32
/** Loads kept of one target. */
export const MOST_LOADS = 8
/** After this time a failure weighs half, ms. */
const HEALTH_HALF_LIFE_MS = 15 * 60_000
/** After this time a measured latency weighs half, ms. */
const LATENCY_HALF_LIFE_MS = 60 * 60_000

/** What was measured, by target. */
export class PerformanceRecords {
  readonly #entries: BoundedMap<TargetRecord>

  constructor(limit: number) {
    this.#entries = new BoundedMap<TargetRecord>(limit, () => true)
  }

  add(target: Target, sample: Sample): void {
    const key = keyOf(target.provider, '', target.model)
    const before = this.#entries.get(key)
    const { provider, model } = target
    const { loadMs, ...measured } = sample
    const loads = before?.loads ?? []
    const lastSuccessAt = sample.ok ? sample.at : before?.lastSuccessAt
    const record: TargetRecord = {
      provider,
      model,
      samples: appended(before?.samples ?? [], measured),
      loads: loadMs === undefined ? loads : [...loads, [sample.at, loadMs] as const].slice(-MOST_LOADS),
      ...(lastSuccessAt !== undefined && { lastSuccessAt }),
    }
    this.#entries.set(key, record, sample.at)
  }

  of({ provider, model }: Target, now: number): Performance {
    const record = this.#entries.get(keyOf(provider, '', model))
    return record === undefined ? { successRate: 1, samples: 0 } : summary(record, now)
  }

  /** Takes in what another process measured. */
  adopt(records: readonly TargetRecord[], now: number): void {
    for (const record of records) {
      const key = keyOf(record.provider, '', record.model)
      const before = this.#entries.get(key)
      this.#entries.set(key, before === undefined ? record : bothRecords(before, record), now)
    }
  }

  all(): TargetRecord[] {
    return [...this.#entries.values()]
  }
}

/** All that was measured, the newest of it. Commutative, associative, idempotent. */
export function bothRecords(one: TargetRecord, other: TargetRecord): TargetRecord {
  const last = Math.max(one.lastSuccessAt ?? 0, other.lastSuccessAt ?? 0)
  return {
    provider: one.provider,
    model: one.model,
    samples: newest(one.samples, other.samples, MOST_SAMPLES, sampleKey, ({ at }) => at),
    loads: newest(one.loads, other.loads, MOST_LOADS, String, ([at]) => at),
    ...(last > 0 && { lastSuccessAt: last }),
  }
}

/** With one more, without the oldest where there are too many. One copy: this is done for every request. */
function appended(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const kept = samples.slice(Math.max(0, samples.length + 1 - MOST_SAMPLES))
  kept.push(sample)
  return kept
}

/** What stands in both was measured once; what stands twice in one of them, twice. */
function newest<T>(
  one: readonly T[],
  other: readonly T[],
  most: number,
  keyOfItem: (item: T) => string,
  timeOf: (item: T) => number,
): T[] {
  const known = one.map(keyOfItem)
  const news = other.filter((item) => {
    const place = known.indexOf(keyOfItem(item))
    if (place >= 0) known.splice(place, 1)
    return place < 0
  })
  return [...one, ...news]
    .toSorted((a, b) => timeOf(a) - timeOf(b) || (keyOfItem(a) < keyOfItem(b) ? -1 : 1))
    .slice(-most)
}

function sampleKey({ at, ok, firstTokenMs, msPerToken }: Sample): string {
  return [at, ok, firstTokenMs, msPerToken].join()
}

function summary({ samples, loads, lastSuccessAt }: TargetRecord, now: number): Performance {
  // One success is taken for granted: old failures fade into "not known", which is not a reproach.
  let good = 1
  let all = 1
  for (const { at, ok } of samples) {
    const weight = weightOf(at, now, HEALTH_HALF_LIFE_MS)
    all += weight
    if (ok) good += weight
  }
  const firstTokenMs = spreadOf(
    samples.map(({ at, firstTokenMs: ms }) => [at, ms]),
    now,
  )
  const perToken = spreadOf(
    samples.map(({ at, msPerToken }) => [at, msPerToken]),
    now,
  )
  const loadMs = spreadOf(loads, now)
  return {
    successRate: good / all,
    samples: samples.length,
    ...(firstTokenMs !== undefined && { firstTokenMs }),
    ...(perToken !== undefined && { msPerToken: perToken.p50 }),
    ...(loadMs !== undefined && { loadMs }),
    ...(lastSuccessAt !== undefined && { lastSuccessAt }),
  }
}

function spreadOf(
  values: readonly (readonly [at: number, ms: number | undefined])[],
  now: number,
): Spread | undefined {
  const weighed = values
    .flatMap(([at, ms]) =>
      ms === undefined ? [] : [{ ms, weight: weightOf(at, now, LATENCY_HALF_LIFE_MS) }],
    )
    .toSorted((a, b) => a.ms - b.ms)
  if (weighed.length === 0) return undefined
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0)
  const at = (share: number): number => {
    let sum = 0
    for (const { ms, weight } of weighed) {
      sum += weight
      if (sum >= share * total * (1 - 1e-9)) return ms
    }
    return weighed.at(-1)?.ms ?? 0
  }
  return { p50: at(0.5), p95: at(0.95) }
}

/** From 0 to 1, and never 0: however old, the latest is what is known. */
function weightOf(at: number, now: number, halfLifeMs: number): number {
  return Math.max(1e-9, 0.5 ** (Math.max(0, now - at) / halfLifeMs))
}
