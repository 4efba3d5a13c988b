// @ts-check
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const executable = process.platform === 'win32' ? '.exe' : ''

/** The root of the checkout this file lies in. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The Node that the workspace brings as a devDependency. */
export const workspaceNode = join(root, 'node_modules', 'node', 'bin', `node${executable}`)

/** The native pnpm that the workspace brings as a devDependency. */
export const workspacePnpm = join(root, 'node_modules', 'pnpm', `pnpm${executable}`)

/** The pnpm that a machine without one fetches first: the same version as the devDependency. */
export function pnpmVersion() {
  /** @type {unknown} */
  const version = readJson(join(root, 'package.json')).devDependencies?.pnpm
  if (typeof version !== 'string') throw new Error('package.json names no pnpm among its devDependencies')
  return version
}

/** @param {string} file @returns {any} */
export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/**
 * The environment in which tools find the workspace's own Node and pnpm.
 * @returns {NodeJS.ProcessEnv}
 */
export function workspaceEnv() {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env }
  // Windows spells the name in several ways, and a copy of the environment minds the case.
  const name = Object.keys(env).find((key) => key.toLowerCase() === 'path') ?? 'PATH'
  const folders = ['node/bin', 'pnpm', '.bin'].map(pathEntry)
  env[name] = [...folders, ...(env[name] === undefined ? [] : [env[name]])].join(delimiter)
  // `pnpm run` would install by itself, and rewrite the lockfile, when a manifest is newer.
  env.pnpm_config_verify_deps_before_run = 'false'
  return env
}

/**
 * Nx takes every PATH entry that begins with `<root>/node_modules` away from the scripts it runs,
 * and then does not find pnpm. So the entry begins otherwise: `join` would undo that.
 * @param {string} folder below `node_modules`
 */
function pathEntry(folder) {
  return [root, 'tools', '..', 'node_modules', ...folder.split('/')].join(sep)
}
