import type { OpenMuxEvent } from './event.js'

/** Sums over everything an orchestrator did, for a dashboard or a health page. */
export interface Counters {
  readonly requests: { readonly answered: number; readonly failed: number; readonly aborted: number }
  /** By `provider/model`. */
  readonly targets: Readonly<Record<string, TargetCounters>>
  /** Answers that broke off and were continued elsewhere. */
  readonly resumed: number
  readonly cacheHits: number
}

/** Sums over one target. */
export interface TargetCounters {
  readonly answered: number
  readonly failed: number
  readonly discarded: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Failures by error code. */
  readonly codes: Readonly<Record<string, number>>
}

/** Targets counted one by one; all later ones share the name `other`, so that counters stay small. */
const MOST_TARGETS = 200

/** A listener that counts: `const counters = createCounters(); openmux.on(counters.listen)`. */
export function createCounters(): { listen(event: OpenMuxEvent): void; read(): Counters } {
  const requests = { answered: 0, failed: 0, aborted: 0 }
  const targets = new Map<string, MutableTarget>()
  let resumed = 0
  let cacheHits = 0
  return {
    listen(event) {
      if (event.type === 'request-ended') requests[event.outcome] += 1
      else if (event.type === 'answer-resumed') resumed += 1
      else if (event.type === 'cache-hit') cacheHits += 1
      else if (event.type === 'attempt-ended') {
        const { provider, model, outcome, code, usage } = event.attempt
        const target = targetOf(targets, `${provider}/${model}`)
        if (outcome === 'answered') target.answered += 1
        else if (outcome === 'discarded') target.discarded += 1
        else if (outcome === 'failed') {
          target.failed += 1
          if (code !== undefined) target.codes[code] = (target.codes[code] ?? 0) + 1
        }
        target.inputTokens += usage?.inputTokens ?? 0
        target.outputTokens += usage?.outputTokens ?? 0
      }
    },
    read: () => ({
      requests: { ...requests },
      targets: Object.fromEntries(
        [...targets].map(([name, target]) => [name, { ...target, codes: { ...target.codes } }]),
      ),
      resumed,
      cacheHits,
    }),
  }
}

interface MutableTarget {
  answered: number
  failed: number
  discarded: number
  inputTokens: number
  outputTokens: number
  codes: Record<string, number>
}

function targetOf(targets: Map<string, MutableTarget>, name: string): MutableTarget {
  const known = targets.get(name) ?? (targets.size >= MOST_TARGETS ? targets.get('other') : undefined)
  if (known !== undefined) return known
  const fresh = { answered: 0, failed: 0, discarded: 0, inputTokens: 0, outputTokens: 0, codes: {} }
  targets.set(targets.size >= MOST_TARGETS ? 'other' : name, fresh)
  return fresh
}
