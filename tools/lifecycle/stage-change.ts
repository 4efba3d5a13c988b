import type { Lifecycle } from '@openmux/core'
import { advice } from './npm-deprecate.ts'

/** How big a change is, for changesets. */
export type Bump = 'patch' | 'minor' | 'major'

/** A `package.json` with another lifecycle; nothing else in it changes. */
export function withLifecycle(packageJson: string, lifecycle: Lifecycle): string {
  const manifest = JSON.parse(packageJson) as { openmux: object }
  return `${JSON.stringify({ ...manifest, openmux: { ...manifest.openmux, lifecycle } }, undefined, 2)}\n`
}

/** The changeset of a new stage: what the release notes of this one package will say. */
export function stageChangeset(name: string, before: Lifecycle, after: Lifecycle, bump: Bump): string {
  const { reason, replacement, notice, nextReview } = after
  const text = [
    `${HEADLINES[after.stage]}${after.stage === 'active' && before.stage !== 'experimental' ? ' again' : ''} since ${after.since}.`,
    after.stage === 'active' ? formerly(before) : reason,
    notice,
    replacement === undefined ? undefined : advice(replacement, notice),
    nextReview === undefined ? undefined : `To be looked at again on ${nextReview}.`,
  ]
  return `---\n'${name}': ${bump}\n---\n\n${text.filter((part) => part !== undefined).join(' ')}\n`
}

const HEADLINES: Readonly<Record<Lifecycle['stage'], string>> = {
  experimental: 'Experimental',
  active: 'Active',
  deprecated: 'Deprecated',
  disabled: 'Disabled: OpenMux passes it over unless it is forced on,',
}

function formerly({ stage, since, reason }: Lifecycle): string | undefined {
  if (stage === 'active') return undefined
  return `It was ${stage} since ${since}${reason === undefined ? '.' : `: ${reason}`}`
}
