import type { Lifecycle } from '@openmux/core'
import { advice } from './npm-deprecate.ts'

/** Where the stages are explained, seen from `packages/<folder>/README.md`. */
const EXPLAINED = '../../docs/lifecycle.md'

/** The section of a package's README about its lifecycle. */
export function readmeSection(provider: string, lifecycle: Lifecycle): string {
  const { stage, since, reason, replacement, notice, nextReview } = lifecycle
  const parts = [
    `**Stage: [${stage}](${EXPLAINED})** since ${since}.`,
    reason,
    notice,
    replacement === undefined ? undefined : advice(replacement, notice),
    stage === 'disabled'
      ? `OpenMux passes it over with \`provider-disabled\`: no request is sent, no key is needed. Whoever knows better can force it on: \`createOpenMux({ providers, forceEnabled: ['${provider}'] })\`.`
      : undefined,
    nextReview === undefined ? undefined : `To be looked at again on ${nextReview}.`,
  ]
  return parts.filter((part) => part !== undefined).join(' ')
}
