import type { Usage } from '../contract/usage.js'
import { addUsage } from '../run/estimate-usage.js'

/** All of them together. `estimated` when one is, or when `missing` calls told none. Undefined when nobody told any. */
export function totalUsage(usages: readonly Usage[], missing: number): Usage | undefined {
  const sum = addUsage(usages)
  return sum === undefined || missing === 0 ? sum : { ...sum, estimated: true }
}
