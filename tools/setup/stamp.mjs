// @ts-check
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './workspace.mjs'

/** @typedef {'installed' | 'built'} StampName */

/** Where setup remembers what it has done: inside `node_modules`, so that it goes when that goes. */
export const setupFolder = join(root, 'node_modules', '.setup')

/** @param {StampName} name */
export function readStamp(name) {
  try {
    return readFileSync(join(setupFolder, name), 'utf8')
  } catch {
    return undefined
  }
}

/** @param {StampName} name @param {string} value */
export function writeStamp(name, value) {
  mkdirSync(setupFolder, { recursive: true })
  writeFileSync(join(setupFolder, name), value)
}

/**
 * A digest of files by content: for a few small files whose modification times say nothing.
 * @param {readonly string[]} files
 */
export function contentDigest(files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  for (const file of files) {
    hash
      .update(`${relative(root, file)}\n`)
      .update(readFileSync(file))
      .update('\n')
  }
  return hash.digest('hex')
}

/**
 * A digest of files by name, size and modification time: for many files, in milliseconds.
 * A missing file is part of it.
 * @param {readonly string[]} files
 */
export function statDigest(files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const stats = statSync(file, { throwIfNoEntry: false })
    hash.update(`${relative(root, file)} ${stats ? `${stats.size} ${stats.mtimeMs}` : 'missing'}\n`)
  }
  return hash.digest('hex')
}

/**
 * Every file below a folder, sorted; none when the folder is not there.
 * @param {string} folderPath
 * @returns {string[]}
 */
export function filesBelow(folderPath) {
  try {
    return readdirSync(folderPath, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return []
    throw error
  }
}
