import { expect } from 'vitest'
import type { PackedManifest, PackedPackage } from '../package-check/packed-package.ts'
import type { Rehearsal } from './rehearsal.ts'
import { manifestOf, manifestText, type OurPackage, ourPackages, type Release } from './releases.ts'

/** A manifest without its version: what a release leaves as it was. */
export function withoutVersion(manifest: string): string {
  return manifest.replace(/^ {2}"version": ".*",\n/m, '')
}

/** The manifests of all our packages in the copy, as text, by name. */
export function allManifests(rehearsal: Rehearsal): ReadonlyMap<string, string> {
  return new Map(ourPackages().map((one) => [one.name, manifestText(rehearsal, one)]))
}

/** What a published package asks for of ours. */
export function rangesOfOurs({ manifest }: PackedPackage): Record<string, string> {
  const ours = new Set(ourPackages().map(({ name }) => name))
  return Object.fromEntries(asked(manifest).filter(([name]) => ours.has(name)))
}

/** What `workspace:^` of a package in the copy stands for: from the version there up, as long as it is compatible. */
export function rangesMeant(rehearsal: Rehearsal, one: OurPackage): Record<string, string> {
  const versions = new Map(ourPackages().map((each) => [each.name, manifestOf(rehearsal, each).version]))
  const manifest = JSON.parse(manifestText(rehearsal, one)) as PackedManifest
  return Object.fromEntries(
    asked(manifest)
      .filter(([, range]) => range.startsWith('workspace:'))
      .map(([name]) => [name, `^${versions.get(name)}`]),
  )
}

function asked({ dependencies, peerDependencies }: PackedManifest): [string, string][] {
  return Object.entries({ ...dependencies, ...peerDependencies })
}

/**
 * Makes a release and holds it to one package: of all manifests only that one's changes, of all files only the
 * papers of that package and the overview of the providers, and nothing else is published.
 */
export async function releasedAlone(
  rehearsal: Rehearsal,
  one: OurPackage,
  make: () => Promise<Release>,
): Promise<Release> {
  const before = allManifests(rehearsal)
  const done = await make()
  const after = allManifests(rehearsal)
  expect([...before].filter(([name, text]) => after.get(name) !== text).map(([name]) => name)).toEqual([
    one.name,
  ])
  expect(done.files).toEqual(
    expect.arrayContaining(['CHANGELOG.md', 'package.json'].map((file) => `${one.folder}/${file}`)),
  )
  const papers = ['CHANGELOG.md', 'README.md', 'package.json'].map((file) => `${one.folder}/${file}`)
  expect(done.files.filter((file) => ![...papers, 'docs/providers.md'].includes(file))).toEqual([])
  expect(done.published).toEqual([`${one.name}@${manifestOf(rehearsal, one).version}`])
  return done
}
