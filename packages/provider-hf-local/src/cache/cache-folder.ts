import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the place of the cache depends on. */
export interface CacheFolderFacts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly home: string
}

/**
 * Where models are kept when nobody says otherwise: `OPENMUX_CACHE/models`, else the user's cache
 * folder by the platform's convention with `openmux/models` in it.
 * - Linux and others: `XDG_CACHE_HOME`, else `~/.cache` (XDG Base Directory Specification)
 * - macOS: `~/Library/Caches`
 * - Windows: `LOCALAPPDATA`, else `~\AppData\Local`
 */
export function defaultCacheFolder(facts: CacheFolderFacts): string {
  const set = (name: string): string | undefined => {
    const value = facts.env[name]?.trim()
    return value === undefined || value === '' ? undefined : value
  }
  const own = set('OPENMUX_CACHE')
  if (own !== undefined) return join(own, 'models')
  return join(userCache(facts, set), 'openmux', 'models')
}

function userCache({ platform, home }: CacheFolderFacts, set: (name: string) => string | undefined): string {
  if (platform === 'win32') return set('LOCALAPPDATA') ?? join(home, 'AppData', 'Local')
  if (platform === 'darwin') return join(home, 'Library', 'Caches')
  const xdg = set('XDG_CACHE_HOME')
  // The specification: a relative path is to be ignored.
  return xdg !== undefined && xdg.startsWith('/') ? xdg : join(home, '.cache')
}

/** The facts of this process. A user without a home (some containers) gets the temporary folder. */
export function cacheFolderFacts(env: Readonly<Record<string, string | undefined>>): CacheFolderFacts {
  return { env, platform: process.platform, home: homedir() || tmpdir() }
}
