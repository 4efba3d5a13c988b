// @ts-check
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SetupError } from './progress.mjs'

/**
 * Gives a server the files of a model, each under its digest.
 * @param {string} url
 * @param {import('./models.mjs').ModelFiles} files
 * @returns {Promise<Record<string, string>>} name → digest, as `/api/create` wants it
 */
export async function uploadFiles(url, files) {
  /** @type {Record<string, string>} */
  const digests = {}
  for (const [name, { path, sha256 }] of Object.entries(files)) {
    const actual = await digestOf(path)
    if (sha256 !== undefined && sha256 !== actual) {
      throw new SetupError(`${name} has the digest ${actual}, not the expected ${sha256}: it is not used`)
    }
    digests[name] = `sha256:${actual}`
    const blob = `${url}/api/blobs/sha256:${actual}`
    // The server closes the connection on a blob that it has already: ask first.
    const known = await fetch(blob, { method: 'HEAD' })
    if (known.ok) continue
    const body = /** @type {ReadableStream} */ (Readable.toWeb(createReadStream(path)))
    /** @type {RequestInit & { duplex: 'half' }} */
    const upload = { method: 'POST', body, duplex: 'half' }
    const answer = await fetch(blob, upload)
    if (!answer.ok) throw new Error(`uploading ${name}: ${answer.status} ${await answer.text()}`)
  }
  return digests
}

/**
 * Makes a model from uploaded files.
 * @param {string} url
 * @param {{ model: string, files: Record<string, string> } & Record<string, unknown>} request
 */
export async function createModel(url, request) {
  const answer = await fetch(`${url}/api/create`, { method: 'POST', body: JSON.stringify(request) })
  const text = await answer.text()
  // Failures come in band, as one more line after status 200.
  const last = JSON.parse(text.trim().split('\n').at(-1) || '{}')
  if (!answer.ok || last.status !== 'success')
    throw new Error(`creating ${request.model}: ${answer.status} ${text}`)
}

/** @param {string} path */
async function digestOf(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
