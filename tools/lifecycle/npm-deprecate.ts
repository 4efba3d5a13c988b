import type { Lifecycle } from '@openmux/core'

/** A package as the registry knows it. */
export interface Published {
  readonly name: string
  /** The newest version, which carries the stage. */
  readonly version: string
}

/**
 * The command that puts the stage of a package on the registry: what `npm install` shows from then on, for every
 * version up to this one. `undefined` for a stage that the registry is told nothing of.
 */
export function deprecateLine({ name, version }: Published, lifecycle: Lifecycle): string | undefined {
  const { stage } = lifecycle
  if (stage !== 'deprecated' && stage !== 'disabled') return undefined
  return line(name, version, registryMessage(lifecycle))
}

/** The command that takes it back, for every version up to this one. */
export function clearLine({ name, version }: Published): string {
  return line(name, version, '')
}

/** What users read when they install the package. */
export function registryMessage(lifecycle: Lifecycle): string {
  const { stage, since, reason, replacement, notice } = lifecycle
  const stageText = `${stage === 'disabled' ? 'Disabled' : 'Deprecated'} since ${since}.`
  return [stageText, notice ?? reason, replacement === undefined ? undefined : advice(replacement, notice)]
    .filter((part) => part !== undefined)
    .join(' ')
}

/** The replacement as a sentence; nothing where the notice names it already. */
export function advice(replacement: string, notice?: string): string | undefined {
  if (notice?.includes(replacement)) return undefined
  return /\s/.test(replacement) ? replacement : `Use ${replacement} instead.`
}

function line(name: string, version: string, message: string): string {
  return `npm deprecate ${quoted(`${name}@<=${version}`)} ${quoted(message)}`
}

/** One word for any POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
