// @ts-check
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cachePaths } from './cache-folder.mjs'
import { chatModel } from './chat-model.mjs'
import { embeddingModel } from './embedding-model.mjs'

/**
 * Files of a model by the name that Ollama shall know them by; weights carry the digest they must have.
 * @typedef {Record<string, { path: string, sha256?: string }>} ModelFiles
 *
 * @typedef {object} ModelSource
 * @property {string} version what is fetched
 * @property {() => Promise<ModelFiles>} fetch
 * @property {Record<string, { template?: string, parameters?: Record<string, unknown> }>} names
 *   what `/api/create` is told for each name
 */

export const modelSources = [chatModel, embeddingModel]

/** The names that the tests use, by purpose. */
export const MODEL_NAMES = /** @type {const} */ ({
  chat: 'gemma3-270m',
  smallChat: 'gemma3-270m-small',
  embedding: 'all-minilm',
})

/**
 * Says what a model was made from, so that a changed template or version makes it anew.
 * @param {ModelSource} source
 * @param {string} name
 */
export function recipeOf(source, name) {
  return createHash('sha256')
    .update(JSON.stringify([source.version, source.names[name]]))
    .digest('hex')
}

/**
 * The names of a source that are not (or no longer) installed as this checkout wants them. Reads a few
 * small files and starts nothing, so that every test file can ask.
 * @param {ModelSource} source
 * @returns {Promise<string[]>}
 */
export async function missingNames(source) {
  const recipes = await readJson(cachePaths().recipes)
  const missing = []
  for (const name of Object.keys(source.names)) {
    if (recipes?.[name] !== recipeOf(source, name) || !(await isComplete(name))) missing.push(name)
  }
  return missing
}

/**
 * Whether Ollama's own manifest of the model is there, with each blob in its full size.
 * @param {string} name
 */
async function isComplete(name) {
  const blobs = await blobsOf(name)
  return blobs.length > 0 && blobs.every(({ size, actual }) => size === actual)
}

/**
 * Deletes the blobs of a model that are damaged: by name the server would take them for whole.
 * @param {string} name
 */
export async function removeDamagedBlobs(name) {
  for (const { path, size, actual } of await blobsOf(name)) {
    if (size !== actual) await rm(path, { force: true })
  }
}

/**
 * The blobs that Ollama's manifest of a model names, with the size each should have and has.
 * @param {string} name
 * @returns {Promise<{ path: string, size: number, actual: number | undefined }[]>}
 */
async function blobsOf(name) {
  const { models } = cachePaths()
  const manifests = join(models, 'manifests')
  // One folder per registry; a model made here lies under the default one.
  for (const registry of await readdir(manifests).catch(() => [])) {
    const manifest = await readJson(join(manifests, registry, 'library', name, 'latest'))
    if (manifest === undefined) continue
    /** @type {{ digest: string, size: number }[]} */
    const blobs = [manifest.config, ...manifest.layers]
    return Promise.all(
      blobs.map(async ({ digest, size }) => {
        const path = join(models, 'blobs', digest.replace(':', '-'))
        return { path, size, actual: await sizeOf(path) }
      }),
    )
  }
  return []
}

/** @param {string} path */
async function sizeOf(path) {
  return (await stat(path).catch(() => undefined))?.size
}

/**
 * @param {string} path
 * @returns {Promise<any>} undefined when absent or unreadable
 */
export async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}
