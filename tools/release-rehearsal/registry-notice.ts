import type { Rehearsal } from './rehearsal.ts'
import type { OurPackage } from './releases.ts'

/** Runs the line that `deprecate.ts` prints, through a shell as a maintainer would; gives the line. */
export async function tellRegistry(rehearsal: Rehearsal, ...options: readonly string[]): Promise<string> {
  const printed = await rehearsal.run('node', ['tools/lifecycle/deprecate.ts', ...options])
  const lines = printed.split('\n').filter((line) => line.startsWith('npm deprecate '))
  if (lines.length !== 1) throw new Error(`one line was expected, not: ${printed}`)
  const [line = ''] = lines
  await rehearsal.run('sh', ['-c', line])
  return line
}

/** Each version of a package in the registry with what `npm install` says about it; empty where it says nothing. */
export async function deprecationsOf(
  { registry }: Rehearsal,
  { name }: OurPackage,
): Promise<Readonly<Record<string, string>>> {
  const versions = (await registry.packument(name))?.versions ?? {}
  return Object.fromEntries(
    Object.entries(versions).map(([version, { deprecated }]) => [version, deprecated ?? '']),
  )
}
