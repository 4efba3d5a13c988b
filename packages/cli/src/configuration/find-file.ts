import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { OpenMuxError } from '@openmux/core'
import type { Source } from './configuration.js'

/** The name the configuration file goes by in a working folder. */
export const FILE_NAME = 'openmux.config.json'

/** What finding the file depends on. */
export interface FilePlaces {
  /** `--config`. */
  readonly given: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  readonly platform: NodeJS.Platform
}

/** A configuration file that exists. */
export interface FoundFile extends Source {
  readonly path: string
}

/**
 * The one configuration file: `--config`, else `OPENMUX_CONFIG`, else the nearest
 * `openmux.config.json` from the working folder upwards (not above the home folder, when it is
 * below it), else `openmux/config.json` in the user's configuration folder. A file that is named
 * and missing is an error (`bad-config`); none at all is fine.
 */
export async function findFile(places: FilePlaces): Promise<FoundFile | undefined> {
  const named = places.given ?? nonEmpty(places.env['OPENMUX_CONFIG'])
  if (named !== undefined) {
    const path = resolve(places.cwd, named)
    if (await isFile(path)) return { path, name: named, trust: 'user' }
    const field = places.given === undefined ? 'OPENMUX_CONFIG' : '--config'
    throw new OpenMuxError({
      code: 'bad-config',
      field,
      message: `${field} names ${path}, and no file is there.`,
      hint: 'Correct the path, or leave it out to use the file found by convention.',
    })
  }
  for (const folder of foldersUpwards(places.cwd, places.home)) {
    const path = join(folder, FILE_NAME)
    if (await isFile(path)) return { path, name: path, trust: 'folder' }
  }
  const path = join(configurationFolder(places), 'config.json')
  return (await isFile(path)) ? { path, name: path, trust: 'user' } : undefined
}

/**
 * The user's configuration folder of OpenMux: `%APPDATA%\openmux` on Windows, else
 * `$XDG_CONFIG_HOME/openmux` (XDG Base Directory Specification), else `~/.config/openmux`.
 */
export function configurationFolder({ env, home, platform }: Omit<FilePlaces, 'given' | 'cwd'>): string {
  if (platform === 'win32')
    return join(nonEmpty(env['APPDATA']) ?? join(home, 'AppData', 'Roaming'), 'openmux')
  const xdg = nonEmpty(env['XDG_CONFIG_HOME'])
  // The specification: a relative path is to be ignored.
  return join(xdg !== undefined && xdg.startsWith('/') ? xdg : join(home, '.config'), 'openmux')
}

/** `cwd` and the folders above it, up to `home` or the root. */
export function foldersUpwards(cwd: string, home: string): readonly string[] {
  const folders: string[] = []
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    folders.push(folder)
    if (folder === home || dirname(folder) === folder) return folders
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value
}
