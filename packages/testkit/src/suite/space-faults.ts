import type { EmbeddingSpace } from '@openmux/core'
import { show } from './violation.js'

const POOLINGS: readonly string[] = ['mean', 'cls', 'last-token', 'unknown']

/** What is missing from the identity of a vector space. */
export function spaceFaults(space: EmbeddingSpace): string[] {
  const faults: string[] = []
  if (typeof space.model !== 'string' || space.model === '') faults.push('`space.model` must name the model')
  if (space.revision === '') faults.push('`space.revision` is empty: leave it out when it is not known')
  if (!Number.isInteger(space.dimensions) || space.dimensions < 1) {
    faults.push(`\`space.dimensions\` must be the length of the vectors, it is ${show(space.dimensions)}`)
  }
  if (!POOLINGS.includes(space.pooling)) faults.push(`unknown \`space.pooling\` ${show(space.pooling)}`)
  if (typeof space.normalized !== 'boolean') faults.push('`space.normalized` must be true or false')
  return faults
}
