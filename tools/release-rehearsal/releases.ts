import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publicPackages } from '../package-check/packed-package.ts'
import { root } from '../setup/workspace.mjs'
import { commit, type Rehearsal } from './rehearsal.ts'

/** The part of a manifest that a release may change, and what says who it is. */
export interface OurManifest {
  readonly name: string
  readonly version: string
  readonly openmux?: { readonly lifecycle?: Readonly<Record<string, unknown>> }
}

/** A package of the copy: its path from the root, with `/`. */
export interface OurPackage {
  readonly name: string
  readonly folder: string
}

/** What a release did. */
export interface Release {
  /** `name@version` of all that is new in the registry, sorted. */
  readonly published: readonly string[]
  /** Files that differ from before the change that is released, changesets left out, sorted. */
  readonly files: readonly string[]
}

/** Every package that we publish. */
export function ourPackages(): readonly OurPackage[] {
  return publicPackages()
    .map(({ folder, manifest }) => ({
      name: manifest.name as string,
      folder: folder.slice(root.length + 1).replaceAll('\\', '/'),
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** The manifest of a package in the copy, as text: what comparing to the byte needs. */
export function manifestText({ copy }: Rehearsal, { folder }: OurPackage): string {
  return readFileSync(join(copy, folder, 'package.json'), 'utf8')
}

export function manifestOf(rehearsal: Rehearsal, one: OurPackage): OurManifest {
  return JSON.parse(manifestText(rehearsal, one)) as OurManifest
}

/** The changelog of a package in the copy; empty when there is none. */
export function changelogOf({ copy }: Rehearsal, { folder }: OurPackage): string {
  const file = join(copy, folder, 'CHANGELOG.md')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** Notes a change as a maintainer does with `npm run changeset`. */
function addChangeset({ copy }: Rehearsal, bumps: Readonly<Record<string, string>>, text: string): void {
  const lines = Object.entries(bumps).map(([name, bump]) => `'${name}': ${bump}`)
  const name = `rehearsal-${Object.keys(bumps)
    .join('-')
    .replaceAll(/[^a-z]+/g, '-')}.md`
  writeFileSync(join(copy, '.changeset', name), ['---', ...lines, '---', '', text, ''].join('\n'))
}

/**
 * The release itself, by the scripts that a maintainer runs: commits what has changed, versions where there are
 * changesets, commits, publishes. What is published are the builds as they lie there.
 */
export async function release(rehearsal: Rehearsal, message: string): Promise<Release> {
  const { run } = rehearsal
  const base = (await run('git', ['rev-parse', 'HEAD'])).trim()
  await commit(rehearsal, message)
  if (hasChangesets(rehearsal)) await run('node', ['tools/release/version.ts'])
  await commit(rehearsal, 'Version packages')
  const diff = await run('git', ['diff', '--name-only', '--no-renames', base])
  const before = await versionsInRegistry(rehearsal)
  await run('node', ['tools/release/publish.ts'])
  const published = (await versionsInRegistry(rehearsal)).filter((one) => !before.includes(one))
  console.log(`${message}: published ${published.join(', ')}`)
  return {
    published,
    files: diff
      .split('\n')
      .filter((file) => file !== '' && !/^\.changeset\/.*\.md$/.test(file))
      .sort(),
  }
}

function hasChangesets({ copy }: Rehearsal): boolean {
  return readdirSync(join(copy, '.changeset')).some((name) => name.endsWith('.md') && name !== 'README.md')
}

/** `name@version` of every version of ours that the registry has, sorted. */
export async function versionsInRegistry({ registry }: Rehearsal): Promise<readonly string[]> {
  const lists = await Promise.all(
    ourPackages().map(async ({ name }) => {
      const known = await registry.packument(name)
      return Object.keys(known?.versions ?? {}).map((version) => `${name}@${version}`)
    }),
  )
  return lists.flat().sort()
}

/** A release of an ordinary change: a changeset, and the release. */
export function releaseChange(
  rehearsal: Rehearsal,
  bumps: Readonly<Record<string, string>>,
  text: string,
): Promise<Release> {
  addChangeset(rehearsal, bumps, text)
  return release(rehearsal, text)
}

/** Puts a package of the copy at a version, as if it had come that far. */
export function setVersion(rehearsal: Rehearsal, one: OurPackage, version: string): void {
  const file = join(rehearsal.copy, one.folder, 'package.json')
  writeFileSync(
    file,
    manifestText(rehearsal, one).replace(/^ {2}"version": ".*"/m, `  "version": "${version}"`),
  )
}
