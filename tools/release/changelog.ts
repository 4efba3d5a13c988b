/*
 * How a changeset becomes a line of a changelog: `changeset version` calls this, by `.changeset/config.json`.
 * The reader is a user of that one package: no commit hashes, and of our other packages only what makes an
 * update of them necessary.
 */

/** The part of a changeset that a changelog is made of. */
interface Changeset {
  readonly summary: string
}

/** Another package of ours, which the released one asks for, as it was and as it becomes. */
export interface UpdatedDependency {
  readonly name: string
  readonly oldVersion: string
  readonly newVersion: string
}

/** One entry, its further lines indented so that lists and code in it stay part of it. */
export function getReleaseLine({ summary }: Changeset): Promise<string> {
  const lines = summary.trim().split('\n')
  return Promise.resolve(
    lines.map((line, index) => `${index === 0 ? '- ' : indentation(line)}${line.trimEnd()}`).join('\n'),
  )
}

/**
 * One entry for the packages of ours whose last version no longer does, nothing for the others: a patch of a
 * dependency is its own changelog's business, and before a package's first release nobody has an older one.
 */
export function getDependencyReleaseLine(
  _changesets: readonly Changeset[],
  updated: readonly UpdatedDependency[],
): Promise<string> {
  const needed = updated.filter(
    ({ oldVersion, newVersion }) =>
      oldVersion !== '0.0.0' && compatibleFrom(oldVersion) !== compatibleFrom(newVersion),
  )
  if (needed.length === 0) return Promise.resolve('')
  const names = needed.map(({ name, newVersion }) => `\`${name}\` ${newVersion}`)
  return Promise.resolve(`- Needs ${new Intl.ListFormat('en').format(names)}.`)
}

export default { getReleaseLine, getDependencyReleaseLine }

function indentation(line: string): string {
  return line.trim() === '' ? '' : '  '
}

/** The part of a version that `^` holds still: `1` of 1.4.2, `0.3` of 0.3.5, `0.0.7` of 0.0.7. */
function compatibleFrom(version: string): string {
  const [major = '', minor = '', patch = ''] = version.split(/[.+-]/)
  if (major !== '0') return major
  return minor === '0' ? `0.0.${patch}` : `0.${minor}`
}
