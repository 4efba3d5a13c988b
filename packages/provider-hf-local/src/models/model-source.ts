import type { CallContext, OpenMuxError } from '@openmux/core'
import { removeFiles, wrongContents, wrongSizes } from '../cache/integrity.js'
import { readModelFolder, type ModelFolder } from '../cache/model-folder.js'
import { chooseDtype, deviceOrder, type Device, type Dtype, type WeightsFile } from '../device-and-dtype.js'
import { failure } from '../failures.js'
import type { LoadOrder } from '../worker/protocol.js'

/** One model, and how it is to be run. */
export interface ModelTarget {
  /** As cards and requests name it. */
  readonly id: string
  readonly folder: string
  /** Absent: a folder of the user's own, which is never written to. */
  readonly hub?: { readonly id: string; readonly revision: string }
  readonly device: Device | 'auto'
  readonly dtype?: Dtype
}

/** A model on disk, ready to be loaded. */
export interface PreparedModel {
  readonly found: ModelFolder
  readonly weights: WeightsFile
  readonly load: LoadOrder
}

/** What preparing needs from around it. */
export interface SourceServices {
  readonly offline: boolean
  readonly cacheFolder: string
  readonly threads: number
  readonly runtime: string
  /** Fetches what is missing of a model of the hub. */
  download(target: ModelTarget, context: Pick<CallContext, 'signal' | 'clock' | 'onProgress'>): Promise<void>
}

/** Brings a model onto the disk if need be. Throws `needs-setup`, `model-not-found`, `unsupported` or what the download throws. */
export async function prepareModel(
  target: ModelTarget,
  services: SourceServices,
  context: CallContext,
): Promise<PreparedModel> {
  const there = await whatIsThere(target)
  if (there.prepared !== undefined) return toPrepared(target, services, there.prepared)
  if (target.hub === undefined) throw unusableFolder(target, there)
  if (services.offline) throw offlineFailure(target, there)
  await services.download(target, context)
  const now = await whatIsThere(target)
  if (now.prepared !== undefined) return toPrepared(target, services, now.prepared)
  throw failure(
    'unsupported',
    `${target.id} is not a model that this provider can run (neither text generation nor sentence vectors).`,
    {
      model: target.id,
    },
  )
}

/**
 * After a failed load: finds files that are not what was downloaded and fetches them again. Answers
 * whether loading again makes sense. Throws `needs-setup` when the files are spoilt and cannot be
 * fetched.
 */
export async function repairModel(
  target: ModelTarget,
  services: SourceServices,
  context: CallContext,
): Promise<boolean> {
  const manifest = (await readModelFolder(target.folder))?.manifest
  if (manifest === undefined || target.hub === undefined) return false
  const wrong = await wrongContents(target.folder, manifest)
  if (wrong.length === 0) return false
  if (services.offline) {
    const names = wrong.map((file) => file.path).join(', ')
    throw failure(
      'needs-setup',
      `Files of ${target.id} are damaged (${names}), and offline mode forbids to fetch them again.`,
      {
        model: target.id,
        scope: 'model',
        hint: `Go online once, or copy the model again into ${services.cacheFolder}.`,
      },
    )
  }
  await removeFiles(target.folder, wrong)
  await services.download(target, context)
  return true
}

interface There {
  readonly prepared?: { readonly found: ModelFolder; readonly weights: WeightsFile }
  readonly found?: ModelFolder
  readonly damaged: readonly string[]
}

async function whatIsThere(target: ModelTarget): Promise<There> {
  const found = await readModelFolder(target.folder)
  if (found === undefined) return { damaged: [] }
  const damaged = found.manifest === undefined ? [] : await wrongSizes(target.folder, found.manifest)
  // `auto` may end on the CPU, so its weights must suit one.
  const weights = chooseDtype(found.weights, target.device === 'auto' ? 'cpu' : target.device, target.dtype)
  if (weights === undefined || damaged.length > 0) return { found, damaged: damaged.map((file) => file.path) }
  return { found, damaged: [], prepared: { found, weights } }
}

function toPrepared(
  target: ModelTarget,
  services: SourceServices,
  { found, weights }: { readonly found: ModelFolder; readonly weights: WeightsFile },
): PreparedModel {
  const load: LoadOrder = {
    folder: target.folder,
    task: found.task,
    devices: deviceOrder(target.device, process.platform, process.arch),
    dtype: weights.dtype,
    threads: services.threads,
    runtime: services.runtime,
  }
  return { found, weights, load }
}

function unusableFolder(target: ModelTarget, there: There): OpenMuxError {
  if (there.found !== undefined) {
    const dtypes = there.found.weights.map((file) => file.dtype).join(', ')
    return failure(
      'needs-setup',
      `${target.id} has no weights of dtype ${target.dtype ?? 'any'}; it has: ${dtypes}.`,
      { model: target.id, scope: 'model' },
    )
  }
  return failure('model-not-found', `There is no model that can be run in ${target.folder}.`, {
    model: target.id,
    hint: 'A model folder holds config.json, tokenizer.json, tokenizer_config.json and onnx/model*.onnx.',
  })
}

function offlineFailure(target: ModelTarget, there: There): OpenMuxError {
  const what =
    there.damaged.length > 0
      ? `${target.id} is incomplete in the cache (${there.damaged.join(', ')})`
      : there.found !== undefined
        ? `${target.id} is in the cache, but not as ${target.dtype ?? 'any dtype'}`
        : `${target.id} is not in the cache, or only in part`
  return failure('needs-setup', `${what}, and offline mode forbids to fetch it.`, {
    model: target.id,
    scope: 'model',
    hint: `Go online once, or copy the model folder to ${target.folder}.`,
  })
}
