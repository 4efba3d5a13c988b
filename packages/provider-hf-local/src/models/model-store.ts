import { access } from 'node:fs/promises'
import { constants } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { CallContext, ModelCard } from '@openmux/core'
import { DEFAULT_MODELS } from '../default-models.js'
import { chooseDtype } from '../device-and-dtype.js'
import { downloadModel } from '../download/download-model.js'
import { sharedDownloads } from '../download/shared-downloads.js'
import { missingRuntime } from '../failures.js'
import { defaultCard, installedCard, unknownCard } from '../model-cards.js'
import { linkedSignal } from '../linked-signal.js'
import type { ModelOptions } from '../options.js'
import { isRuntimeInstalled } from '../ready.js'
import type { Settings } from '../settings.js'
import { workerURL } from '../worker/worker-url.js'
import { findTarget, installedModels, wishesFor } from './catalog.js'
import { createModelHost, type ModelHost } from './model-host.js'
import {
  prepareModel,
  repairModel,
  type ModelTarget,
  type PreparedModel,
  type SourceServices,
} from './model-source.js'

/** A model ready for calls. */
export interface OpenModel {
  readonly target: ModelTarget
  readonly prepared: PreparedModel
  readonly host: ModelHost
  readonly wishes?: ModelOptions
}

/** Everything the provider holds between calls. */
export interface ModelStore {
  cards(): Promise<readonly ModelCard[]>
  /** Whether a model of last resort is among those that were given. */
  readonly hasLastResort: boolean
  find(model: string): Promise<ModelTarget>
  prepare(target: ModelTarget, context: CallContext): Promise<PreparedModel>
  open(model: string, context: CallContext): Promise<OpenModel>
  /** Whether `close` was called; nothing can be done any more. */
  readonly closed: boolean
  /** Runs `work` with the same context, also aborted by `close`; the caller's signal is let go at the end. */
  withClose<Result>(context: CallContext, work: (context: CallContext) => Promise<Result>): Promise<Result>
  /** The same for work that answers piece by piece; it begins with the first piece asked for. */
  streamWithClose<Piece>(
    context: CallContext,
    work: (context: CallContext) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece>
  unload(target: ModelTarget): Promise<void>
  close(): Promise<void>
}

/** An empty store. */
export function createModelStore(settings: Settings): ModelStore {
  const hosts = new Map<string, ModelHost>()
  const opened = new Map<string, OpenModel>()
  const downloads = sharedDownloads<void>()
  const closing = new AbortController()

  const services: SourceServices = {
    ...settings,
    download: (target, context) =>
      downloads.join(target.folder, target.id, context, async (signal, tell) => {
        const hub = target.hub
        if (hub === undefined) return
        const size = { loadedBytes: 0, totalBytes: 0 }
        await downloadModel({
          hub: settings.hub,
          model: hub,
          folder: target.folder,
          device: target.device === 'auto' ? 'cpu' : target.device,
          ...(target.dtype === undefined ? {} : { dtype: target.dtype }),
          call: { signal, clock: settings.clock },
          onBytes: (loadedBytes, totalBytes) => {
            Object.assign(size, { loadedBytes, totalBytes })
            tell({ kind: 'download', model: target.id, loadedBytes, totalBytes, done: false })
          },
        })
        tell({ kind: 'download', model: target.id, ...size, done: true })
      }),
  }
  const hostOf = (target: ModelTarget): ModelHost => {
    const key = [target.folder, target.dtype, target.device].join('\n')
    const known = hosts.get(key)
    if (known !== undefined) return known
    const host = createModelHost({
      model: target.id,
      workerURL: workerURL(),
      queueLimit: settings.queueLimit,
      idleUnloadMs: settings.idleUnloadMs,
      clock: settings.clock,
      repair: (context) => repairModel(target, services, context),
      ...(settings.workerHeapMegabytes === undefined ? {} : { heapMegabytes: settings.workerHeapMegabytes }),
    })
    hosts.set(key, host)
    return host
  }

  return {
    hasLastResort: settings.models.some(({ lastResort }) => lastResort !== undefined),
    get closed() {
      return closing.signal.aborted
    },
    find: (model) => findTarget(model, settings),
    prepare: (target, context) => prepareModel(target, services, context),
    async open(model, context) {
      // A model in memory needs no look at the disk.
      const known = opened.get(model)
      if (known?.host.loaded === true) return known
      // Before anything is fetched that could not be run.
      if (!isRuntimeInstalled(settings.runtime)) throw missingRuntime(model)
      const target = await findTarget(model, settings)
      const prepared = await prepareModel(target, services, context)
      const wishes = wishesFor(target.id, settings)
      const ready = { target, prepared, host: hostOf(target), ...(wishes === undefined ? {} : { wishes }) }
      opened.set(model, ready)
      return ready
    },
    async withClose(context, work) {
      const { signal, release } = linkedSignal(context.signal, closing.signal)
      try {
        return await work({ ...context, signal })
      } finally {
        release()
      }
    },
    async *streamWithClose(context, work) {
      const { signal, release } = linkedSignal(context.signal, closing.signal)
      try {
        yield* work({ ...context, signal })
      } finally {
        release()
      }
    },
    async cards() {
      const installed = await installedModels(settings)
      const cards = installed.map(({ id, found, target }) => {
        const weights = chooseDtype(
          found.weights,
          target.device === 'auto' ? 'cpu' : target.device,
          target.dtype,
        )
        const wishes = wishesFor(id, settings)
        return installedCard(id, found, {
          loaded: hostOf(target).loaded,
          ...(wishes === undefined ? {} : { wishes }),
          ...(weights === undefined ? {} : { dtype: weights.dtype, bytes: weights.bytes }),
        })
      })
      const have = new Set(installed.map((model) => model.id))
      const mayFetch = !settings.offline && (await canWrite(settings.cacheFolder))
      const offered = mayFetch ? offeredCards(settings).filter((card) => !have.has(card.id)) : []
      const isLast = (card: ModelCard): boolean => card.lastResort !== undefined
      return [...cards.filter((card) => !isLast(card)), ...offered, ...cards.filter(isLast)]
    },
    async unload(target) {
      await hostOf(target).unload()
    },
    async close() {
      closing.abort()
      downloads.stop()
      await Promise.all([...hosts.values()].map((host) => host.unload()))
    },
  }
}

/** What could be fetched: the defaults, and models of the hub the user listed. */
function offeredCards(settings: Settings): readonly ModelCard[] {
  const cards = new Map<string, ModelCard>()
  const offer = (id: string, tasks: ModelCard['tasks']): void => {
    const known = DEFAULT_MODELS.find((model) => model.id === id)
    if (!cards.has(id)) cards.set(id, known === undefined ? unknownCard(id, tasks) : defaultCard(known))
  }
  if (!isAbsolute(settings.chatModel)) offer(settings.chatModel, ['chat', 'code'])
  if (!isAbsolute(settings.embeddingModel)) offer(settings.embeddingModel, ['embeddings'])
  return [...cards.values()]
}

/** Whether something can be put into the folder, or into the nearest folder above that exists. */
async function canWrite(folder: string): Promise<boolean> {
  for (let path = folder; ; path = path.replace(/[/\\][^/\\]*$/, '')) {
    try {
      await access(path === '' ? '/' : path, constants.W_OK)
      return true
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENOENT' || path === '') return false
    }
  }
}
