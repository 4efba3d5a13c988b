import { isAbsolute, join, resolve } from 'node:path'
import type { CommandIo } from '../io.js'

/** What the folders depend on: the real environment only, so that a `.env` of a folder cannot have files written elsewhere. */
export type FolderFacts = Pick<CommandIo, 'env' | 'home' | 'platform' | 'cwd'>

/** Words that switch the state off in `OPENMUX_STATE`. */
const OFF = ['off', '0', 'false', 'no']

/**
 * The folder in which what was learned is kept between runs: `OPENMUX_STATE`, else `%LOCALAPPDATA%\openmux` on
 * Windows, else `$XDG_STATE_HOME/openmux` (XDG Base Directory Specification), else `~/.local/state/openmux`.
 * Undefined: `OPENMUX_STATE` switches it off, or there is no home.
 */
export function stateFolder({ env, home, platform, cwd }: FolderFacts): string | undefined {
  const own = nonEmpty(env['OPENMUX_STATE'])
  if (own !== undefined) return OFF.includes(own.toLowerCase()) ? undefined : resolve(cwd, own)
  if (platform === 'win32') return belowLocalAppData(env, home)
  return below(env['XDG_STATE_HOME'], home, '.local', 'state')
}

/**
 * The folder of kept answers: `answers` in `OPENMUX_CACHE`, else in the same folder as the models in this process.
 * Undefined: there is no home.
 */
export function answersFolder({ env, home, platform, cwd }: FolderFacts): string | undefined {
  const own = nonEmpty(env['OPENMUX_CACHE'])
  if (own !== undefined) return resolve(cwd, own, 'answers')
  const folder =
    platform === 'win32'
      ? belowLocalAppData(env, home)
      : platform === 'darwin'
        ? below(undefined, home, 'Library', 'Caches')
        : below(env['XDG_CACHE_HOME'], home, '.cache')
  return folder === undefined ? undefined : join(folder, 'answers')
}

function belowLocalAppData(env: FolderFacts['env'], home: string): string | undefined {
  const local = nonEmpty(env['LOCALAPPDATA'])
  return local === undefined ? below(undefined, home, 'AppData', 'Local') : join(local, 'openmux')
}

function below(xdg: string | undefined, home: string, ...usual: readonly string[]): string | undefined {
  // The specification: a relative path is to be ignored.
  if (xdg !== undefined && xdg.startsWith('/')) return join(xdg, 'openmux')
  return isAbsolute(home) ? join(home, ...usual, 'openmux') : undefined
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}
