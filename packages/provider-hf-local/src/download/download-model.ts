import { readdir, readFile, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { OpenMuxError } from '@openmux/core'
import {
  MANIFEST_NAME,
  mergeFiles,
  readManifest,
  writeManifest,
  type Manifest,
  type ManifestFile,
} from '../cache/manifest.js'
import type { Device, Dtype } from '../device-and-dtype.js'
import { failure } from '../failures.js'
import { isRecord, parseJson } from '../json.js'
import { chooseFiles, type NoChoice } from './choose-files.js'
import { diskFailure, diskFull } from './disk-errors.js'
import { downloadFile, partPath } from './download-file.js'
import { lockFolder } from './download-lock.js'
import { listModel, type HubCall, type HubFile, type HubModel, type HubSettings } from './hub-client.js'

/** Bytes of the whole model, over all its files. */
export type OnBytes = (loadedBytes: number, totalBytes: number) => void

/** What to fetch, and where to. */
export interface ModelDownload {
  readonly hub: HubSettings
  readonly model: HubModel
  readonly folder: string
  readonly device: Device
  readonly dtype?: Dtype
  readonly call: HubCall
  readonly onBytes: OnBytes
}

/** Progress is told at most this often, and at the end. */
const PROGRESS_MS = 100

/**
 * Fetches a model into its folder, in the layout the runtime reads, and writes the manifest when
 * all of it is there. Files that are already whole are kept; unfinished ones go on where they
 * stopped. Throws typed errors; what was fetched so far stays on disk.
 */
export async function downloadModel(download: ModelDownload): Promise<Manifest> {
  const { hub, model, folder, call } = download
  let unlock: (() => Promise<void>) | undefined
  try {
    unlock = await lockFolder(folder, call, model.id)
    const listing = await listModel(hub, model, call)
    const old = await readManifest(folder)
    const sameCommit = old?.commit !== undefined && old.commit === listing.commit
    const config = listing.files.find((file) => file.path === 'config.json')
    if (config === undefined) throw unusable(model, { missing: ['config.json'], dtypes: [] })
    // `config.json` first: it says how many files the weights consist of.
    const first = await keepOrFetch(download, old, sameCommit, config, () => undefined)
    const chosen = chooseFiles(
      listing.files,
      await readConfig(folder, model),
      download.device,
      download.dtype,
    )
    if ('missing' in chosen) throw unusable(model, chosen)
    const total = chosen.files.reduce((sum, file) => sum + (file.size ?? 0), 0)
    await checkRoom(folder, model, chosen.files, total)
    const files = await fetchAll(download, old, sameCommit, chosen.files, total, first)
    const manifest: Manifest = {
      version: 1,
      id: model.id,
      revision: model.revision,
      ...(listing.commit === undefined ? {} : { commit: listing.commit }),
      // Files of another commit do not belong together with these.
      files: mergeFiles(sameCommit ? old : undefined, files),
    }
    await writeManifest(folder, manifest)
    await removeOldParts(folder)
    return manifest
  } catch (error) {
    throw diskFailure(error, folder, model.id) ?? error
  } finally {
    await unlock?.()
  }
}

async function fetchAll(
  download: ModelDownload,
  old: Manifest | undefined,
  sameCommit: boolean,
  files: readonly HubFile[],
  total: number,
  first: ManifestFile,
): Promise<readonly ManifestFile[]> {
  const { clock } = download.call
  const loaded = new Map<string, number>([[first.path, first.size]])
  let told = Number.NEGATIVE_INFINITY
  const tell = (always: boolean): void => {
    const now = clock.now()
    if (!always && now - told < PROGRESS_MS) return
    told = now
    let sum = 0
    for (const bytes of loaded.values()) sum += bytes
    download.onBytes(sum, total)
  }
  const done: ManifestFile[] = []
  tell(true)
  for (const file of files) {
    const fetched =
      file.path === first.path
        ? first
        : await keepOrFetch(download, old, sameCommit, file, (bytes) => {
            loaded.set(file.path, bytes)
            tell(false)
          })
    loaded.set(file.path, fetched.size)
    done.push(fetched)
  }
  tell(true)
  return done
}

/** A file that the manifest vouches for and that has the hub's size and hash is not fetched again. */
async function keepOrFetch(
  { hub, model, folder, call }: ModelDownload,
  old: Manifest | undefined,
  sameCommit: boolean,
  file: HubFile,
  onBytes: (bytes: number) => void,
): Promise<ManifestFile> {
  const known = old?.files.find((candidate) => candidate.path === file.path)
  const size = (await stat(join(folder, file.path)).catch(() => undefined))?.size
  const same = known !== undefined && size === known.size && (file.size === undefined || file.size === size)
  if (same && (file.sha256 === undefined ? sameCommit : file.sha256 === known.sha256)) return known
  return downloadFile({ hub, model, folder, file, call, onBytes })
}

async function readConfig(folder: string, model: HubModel): Promise<Readonly<Record<string, unknown>>> {
  const config = parseJson(await readFile(join(folder, 'config.json'), 'utf8'))
  if (isRecord(config)) return config
  throw failure('bad-response', `config.json of ${model.id} is not a JSON object.`, {
    model: model.id,
    scope: 'model',
  })
}

async function checkRoom(
  folder: string,
  model: HubModel,
  files: readonly HubFile[],
  total: number,
): Promise<void> {
  let there = 0
  for (const file of files) {
    const target = join(folder, file.path)
    for (const path of [target, partPath(target, file)])
      there += (await stat(path).catch(() => undefined))?.size ?? 0
  }
  const room = await statfs(folder).catch(() => undefined)
  if (room === undefined) return
  const free = room.bavail * room.bsize
  const needed = Math.max(0, total - there)
  if (needed > free) throw diskFull(dirname(folder), model.id, needed, free)
}

/** Unfinished files of older commits are of no more use. */
async function removeOldParts(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  for (const name of names) {
    if (name.endsWith('.part') && !name.includes(MANIFEST_NAME)) await rm(join(folder, name), { force: true })
  }
}

function unusable(model: HubModel, { missing, dtypes }: NoChoice): OpenMuxError {
  const there =
    dtypes.length === 0 ? 'It has no weights in ONNX form.' : `It has the dtypes ${dtypes.join(', ')}.`
  return failure(
    'unsupported',
    `${model.id} cannot be run here: ${missing.join(', ')} is missing in its repository. ${there}`,
    {
      model: model.id,
      hint: 'Choose a repository made for transformers.js (many are at onnx-community), or another dtype.',
    },
  )
}
