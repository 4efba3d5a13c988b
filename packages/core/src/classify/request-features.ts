import { AFTER_CODE, FEATURE_SPACE, FeatureList } from './features.js'
import { ruleFeaturesOf } from './rule-features.js'
import { featureValue, FULL, segmentsOf } from './segments.js'

export { FEATURE_SPACE }

/** One list for all requests: nothing waits between filling it and reading it. */
const list = new FeatureList()

/**
 * What a trained classifier sees in a request: features, whole numbers from 0 to below {@link FEATURE_SPACE}, with
 * what each counts. For training weights of your own: a score is the sum of weight times value. `afterCode`: whether
 * the answer before held program text. Of a long text the beginning, a middle and the end are read.
 */
export function featuresOf(text: string, afterCode = false): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  const count = (feature: number, value: number): void =>
    void found.set(feature, (found.get(feature) ?? 0) + value)
  const segments = segmentsOf(text)
  for (const segment of segments) {
    list.read(segment.text)
    const value = featureValue(segment.share, list.count)
    for (const feature of new Set(list.hashes.subarray(0, list.count))) count(feature, value)
  }
  for (const feature of ruleFeaturesOf(segments.map((segment) => segment.text).join('\n')))
    count(feature, FULL)
  if (afterCode) count(AFTER_CODE, FULL)
  return found
}
