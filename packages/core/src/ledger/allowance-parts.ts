import type { LimitReport, LimitRule } from '../contract/limit.js'
import { type Allowance, newerBaseline } from './allowance.js'
import { sumOfLogs, withEvent } from './event-log.js'
import { keyOf, originOf, shortName, type Target } from './target.js'

/** The key an allowance is kept under. What counts in another unit is another allowance, whatever its name. */
export function keyOfAllowance({
  provider,
  id,
  unit,
  model,
  origin,
}: Pick<Allowance, 'provider' | 'id' | 'unit' | 'model' | 'origin'>): string {
  return keyOf(provider, unit + id, model ?? origin)
}

/** The key of the allowance a rule declares for a target. */
export function keyOfRule({ id, scope, unit }: LimitRule, target: Target): string {
  const name = scope === 'model' ? target.model : scope === 'endpoint' ? originOf(target) : ''
  return keyOf(target.provider, unit + id, name)
}

/** An allowance that nobody declared, before anything is known of it. */
export function unknown({ provider, model, origin }: Target, report: LimitReport): Allowance {
  const { scope, unit } = report
  return {
    provider,
    id: shortName((report.rule ?? `${scope}-${unit}`).replaceAll('\n', ' ')),
    scope,
    unit,
    ...(scope === 'model' && { model: shortName(report.model ?? model) }),
    ...(scope === 'endpoint' && origin !== '' && { origin }),
    sent: [],
    unsaved: [],
  }
}

/** An amount somebody reported, if it can be one: numbers of headers may be anything. */
export function amountIn(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 && value < 1e15 ? value : undefined
}

/** The allowance with so much more of it sent. */
export function counting(allowance: Allowance, at: number, amount: number): Allowance {
  if (amount === 0) return allowance
  return {
    ...allowance,
    sent: withEvent(allowance.sent, at, amount),
    unsaved: withEvent(allowance.unsaved, at, amount),
  }
}

/** Both together: everything counted once, the newer word about the rest. */
export function bothAllowances(own: Allowance, stored: Allowance): Allowance {
  const baseline = newerBaseline(own.baseline, stored.baseline)
  const told = newerTold(own.told, stored.told)
  const rule = own.rule ?? stored.rule
  return {
    ...own,
    sent: sumOfLogs(stored.sent, own.unsaved),
    ...(rule !== undefined && { rule }),
    ...(told !== undefined && { told }),
    ...(baseline !== undefined && { baseline }),
  }
}

function newerTold(one: Allowance['told'], other: Allowance['told']): Allowance['told'] {
  if (one === undefined || other === undefined) return one ?? other
  return (one.at - other.at || other.limit - one.limit) >= 0 ? one : other
}
