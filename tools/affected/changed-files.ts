import { capture } from '../setup/run.mjs'

/** What differs from a base: since the two parted, committed or not, and files not yet added. */
export interface Changes {
  /** The commit where this line of work parted from the base. */
  readonly since: string
  /** Paths from the root, with `/`. */
  readonly files: readonly string[]
}

export async function changedFiles(root: string, base: string): Promise<Changes> {
  const since = (await git(root, ['merge-base', base, 'HEAD'])).trim()
  const changed = await git(root, ['diff', '--name-only', '--no-renames', '-z', since])
  const untracked = await git(root, ['ls-files', '--others', '--exclude-standard', '-z'])
  const files = new Set([...changed.split('\0'), ...untracked.split('\0')].filter((name) => name !== ''))
  return { since, files: [...files].toSorted() }
}

async function git(root: string, args: readonly string[]): Promise<string> {
  const { code, stdout, output } = await capture('git', args, { cwd: root })
  if (code !== 0) throw new Error(`git ${args.join(' ')} failed: ${output.trim()}`)
  return stdout
}
