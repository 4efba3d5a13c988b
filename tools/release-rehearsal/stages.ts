import { join } from 'node:path'
import type { Rehearsal } from './rehearsal.ts'
import { type OurPackage, type Release, release } from './releases.ts'

/** What a maintainer says of a provider when its stage changes; the texts are of an invented case. */
export interface StageChange {
  readonly stage: 'active' | 'deprecated' | 'disabled'
  readonly reason?: string
  readonly replacement?: string
  readonly notice?: string
}

export const ACTIVE: StageChange = { stage: 'active' }

/** Still works, will not for long. */
export const DEPRECATED = {
  stage: 'deprecated',
  reason: 'The service ends its free answers.',
  replacement: '@openmux/provider-ollama',
  notice: 'Hugging Face ends its free answers soon: move to @openmux/provider-ollama.',
} satisfies StageChange

/** Gone: not to be asked any more. */
export const DISABLED = {
  stage: 'disabled',
  reason: 'The service answers 410 Gone.',
  replacement: '@openmux/provider-ollama',
} satisfies StageChange

/**
 * A release that puts one provider into another stage, step by step as `docs/releasing.md` tells: the stage, which
 * brings its changeset, the build, the release.
 */
export async function releaseStage(
  rehearsal: Rehearsal,
  one: OurPackage,
  change: StageChange,
): Promise<Release> {
  await setStage(rehearsal, one, change)
  await rehearsal.run('pnpm', ['run', 'build'], join(rehearsal.copy, one.folder))
  return release(rehearsal, `${one.name} is ${change.stage}`)
}

/** Writes the stage, and what follows from it, by the tool for that. */
export async function setStage(
  { run }: Rehearsal,
  { folder }: OurPackage,
  { stage, ...texts }: StageChange,
): Promise<void> {
  const options = Object.entries(texts).flatMap(([name, text]) => [`--${name}`, text])
  const review = stage === 'active' ? [] : ['--next-review', inDays(30)]
  const name = folder.replace('packages/', '')
  await run('node', ['tools/lifecycle/stage.ts', name, stage, ...options, ...review])
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}
