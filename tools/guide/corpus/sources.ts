import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ERROR_CODES } from '@openmux/core'
import { commandHelp } from './command-help.ts'
import { corpus } from './corpus.ts'

const ROOT = new URL('../../../', import.meta.url)

/** Pages that the topics were written after. */
const PAGES = [
  'README.md',
  'docs/caching.md',
  'docs/cli.md',
  'docs/combining.md',
  'docs/configuration.md',
  'docs/embeddings.md',
  'docs/failover-and-streams.md',
  'docs/hf-api-migration.md',
  'docs/lifecycle.md',
  'docs/local-models.md',
  'docs/providers.md',
  'docs/quotas.md',
  'docs/routing.md',
]

/** A SHA-256 of everything the guide was taught from, by what it is. */
export type SourceDigests = Readonly<Record<string, string>>

export function sourceDigests(): SourceDigests {
  const help = commandHelp()
  return {
    corpus: sha256(JSON.stringify(corpus(help))),
    'registry of errors': sha256(JSON.stringify(ERROR_CODES)),
    'help of the command line': sha256(help.text),
    ...Object.fromEntries(PAGES.map((page) => [page, sha256(readFileSync(new URL(page, ROOT), 'utf8'))])),
  }
}

/** The released versions of the command line, newest first; none before the first release. */
export function releasedVersions(changelog = changelogOfCommandLine()): string[] {
  return [...changelog.matchAll(/^## (\d+\.\d+\.\d+\S*)/gm)].map(([, version = '']) => version)
}

/**
 * The sources that changed since a training, once that is more than one release ago; none before. What changed since
 * the last release or the one before may wait for the next training.
 */
export function staleSources(
  trained: { readonly release: string; readonly sources: SourceDigests },
  now: { readonly released: readonly string[]; readonly sources: SourceDigests },
): string[] {
  const place = now.released.indexOf(trained.release)
  const releasesSince = place === -1 ? now.released.length : place
  if (releasesSince <= 1) return []
  const names = new Set([...Object.keys(trained.sources), ...Object.keys(now.sources)])
  return [...names].filter((name) => trained.sources[name] !== now.sources[name]).toSorted()
}

function changelogOfCommandLine(): string {
  try {
    return readFileSync(fileURLToPath(new URL('packages/cli/CHANGELOG.md', ROOT)), 'utf8')
  } catch {
    // There is none before the first release.
    return ''
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
