import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isOpenMuxError, type OpenMuxError } from '@openmux/core'
import type { ManifestFile } from '../cache/manifest.js'
import { failure, throwIfAborted } from '../failures.js'
import { diskFailure } from './disk-errors.js'
import { hashFile } from './file-hash.js'
import {
  openFile,
  withIdleLimit,
  type HubCall,
  type HubFile,
  type HubModel,
  type HubSettings,
} from './hub-client.js'
import { pause } from './pause.js'

/** What is needed to fetch one file. */
export interface FileDownload {
  readonly hub: HubSettings
  readonly model: HubModel
  readonly folder: string
  readonly file: HubFile
  readonly call: HubCall
  /** Told the bytes that are on disk now. */
  readonly onBytes: (bytes: number) => void
}

/** Attempts in a row that bring no byte before giving up. */
const FRUITLESS_ATTEMPTS = 4
const LONGEST_PAUSE_MS = 8_000

/**
 * Fetches one file. Bytes go to a `.part` file beside the final place, named after the content, and
 * stay there when anything breaks: the next attempt, or the next process, asks for the rest only.
 * The finished file is checked against the hub's size and hash and moved into place in one step.
 */
export async function downloadFile(download: FileDownload): Promise<ManifestFile> {
  const { folder, file, model, call } = download
  const target = join(folder, file.path)
  const part = partPath(target, file)
  try {
    await mkdir(dirname(target), { recursive: true })
    let fruitless = 0
    let spoilt = 0
    for (;;) {
      throwIfAborted(call.signal, model.id)
      const before = await sizeOf(part)
      try {
        await fetchRest(download, part, before)
      } catch (error) {
        const gained = (await sizeOf(part)) > before
        fruitless = gained ? 0 : fruitless + 1
        if (!worthRetrying(error) || fruitless >= FRUITLESS_ATTEMPTS) throw error
        // A cut connection is taken up again at once; a server in trouble gets a pause.
        if (!gained) await pause(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** fruitless), call)
        continue
      }
      const done = await finish(download, part, target)
      if (done !== undefined) return done
      await rm(part, { force: true })
      if (++spoilt >= 2) throw spoiltFile(file, model)
    }
  } catch (error) {
    throw diskFailure(error, folder, model.id) ?? error
  }
}

/** The name of the unfinished file: other contents get another name, and are never glued together. */
export function partPath(target: string, file: HubFile): string {
  const tag = (file.sha256 ?? file.blobId ?? 'unknown').slice(0, 16)
  return `${target}.${tag}.part`
}

async function fetchRest(download: FileDownload, part: string, start: number): Promise<void> {
  const { hub, model, file, call } = download
  const size = file.size
  let offset = start
  if (size !== undefined && offset > size) {
    await rm(part, { force: true })
    offset = 0
  }
  if (size !== undefined && offset === size && size > 0) return download.onBytes(offset)
  await withIdleLimit(hub, model, call, async (signal, touch) => {
    const response = await openFile(hub, model, file.path, offset, signal, call.clock.now())
    touch()
    if (response.status === 416) {
      await response.body?.cancel()
      await rm(part, { force: true })
      throw cut(file, model)
    }
    // A server that ignores ranges answers 200 and begins at the beginning.
    if (response.status !== 206 || rangeStart(response) !== offset)
      offset = response.status === 206 ? Number.NaN : 0
    if (Number.isNaN(offset)) {
      await response.body?.cancel()
      await rm(part, { force: true })
      throw cut(file, model)
    }
    const handle = await open(part, offset === 0 ? 'w' : 'a')
    try {
      download.onBytes(offset)
      if (response.body !== null) offset = await writeAll(response.body, handle, offset, touch, download)
    } finally {
      await handle.close()
    }
    if (size !== undefined && offset < size) throw cut(file, model)
  })
}

async function writeAll(
  body: AsyncIterable<Uint8Array>,
  handle: FileHandle,
  start: number,
  touch: () => void,
  { file, model, onBytes }: FileDownload,
): Promise<number> {
  let offset = start
  for await (const chunk of body) {
    touch()
    if (file.size !== undefined && offset + chunk.length > file.size) throw spoiltFile(file, model)
    await writeWhole(handle, chunk)
    offset += chunk.length
    onBytes(offset)
  }
  return offset
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0
  while (written < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written)
    written += bytesWritten
  }
}

async function finish(
  { file, call, model }: FileDownload,
  part: string,
  target: string,
): Promise<ManifestFile | undefined> {
  const size = await sizeOf(part)
  if (file.size !== undefined && size !== file.size) return undefined
  const hashes = await hashFile(part, size)
  throwIfAborted(call.signal, model.id)
  if (file.sha256 !== undefined && hashes.sha256 !== file.sha256) return undefined
  if (file.blobId !== undefined && hashes.blobId !== file.blobId) return undefined
  await rename(part, target)
  return { path: file.path, size, sha256: hashes.sha256 }
}

function rangeStart(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN)
}

function worthRetrying(error: unknown): boolean {
  return isOpenMuxError(error) && ['network', 'timeout', 'truncated', 'unavailable'].includes(error.code)
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}

function cut(file: HubFile, model: HubModel): OpenMuxError {
  return failure('truncated', `The download of ${file.path} was cut.`, {
    model: model.id,
    hint: 'Try again: the download goes on where it stopped.',
  })
}

function spoiltFile(file: HubFile, model: HubModel): OpenMuxError {
  return failure(
    'bad-response',
    `${file.path} of ${model.id} arrived with other bytes than the hub announced, twice.`,
    {
      model: model.id,
      scope: 'endpoint',
      hint: 'A proxy or mirror may be changing it; try another network, or copy the model into the cache by hand.',
    },
  )
}
