import { featuresOf } from '@openmux/core/classify'
import type { Example } from './examples.ts'
import type { Sample } from './learn.ts'

const LABELS = { chat: 0, code: 1, embeddings: 2 } as const

/** Examples as numbers, read with the code that ships. */
export function samplesOf(examples: readonly Example[]): Sample[] {
  return examples.map(({ text, task, afterCode }) => {
    const features = featuresOf(text, afterCode)
    return {
      features: Uint32Array.from(features.keys()),
      values: Float32Array.from(features.values()),
      label: LABELS[task],
    }
  })
}
