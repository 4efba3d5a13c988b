import { isOpenMuxError, type CallContext, type Clock } from '@openmux/core'
import { aborted } from '../failures.js'
import type { EmbedOrder, GenerateOrder } from '../worker/protocol.js'
import {
  startModelWorker,
  type EmbedResult,
  type GenerateEvent,
  type ModelWorker,
} from '../worker/model-worker.js'
import type { PreparedModel } from './model-source.js'
import { callQueue } from './queue.js'

/** Keeps one model in a worker as long as it is used. */
export interface ModelHost {
  readonly loaded: boolean
  generate(prepared: PreparedModel, order: GenerateOrder, context: CallContext): AsyncGenerator<GenerateEvent>
  embed(prepared: PreparedModel, order: EmbedOrder, context: CallContext): Promise<EmbedResult>
  /** Ends the worker; calls under way fail with `aborted`. The next call loads again. */
  unload(): Promise<void>
}

/** How a host works. */
export interface ModelHostOptions {
  readonly model: string
  readonly workerURL: URL
  readonly heapMegabytes?: number
  readonly queueLimit: number
  readonly idleUnloadMs: number
  /** For the idle time, which outlives the call that began it. */
  readonly clock: Clock
  /** After a load failed because of the files: whether to try once more. */
  readonly repair: (context: CallContext) => Promise<boolean>
}

/** A host without a worker yet. */
export function createModelHost(options: ModelHostOptions): ModelHost {
  const { model } = options
  const queue = callQueue(model, options.queueLimit)
  let worker: ModelWorker | undefined
  /** The thread that is loading, and its load. */
  let starting: ModelWorker | undefined
  let loading: Promise<ModelWorker> | undefined
  let cancelIdle = (): void => undefined

  const unload = async (): Promise<void> => {
    cancelIdle()
    const ending = worker ?? starting
    worker = undefined
    await ending?.terminate()
  }
  const armIdle = (): void => {
    cancelIdle()
    if (queue.size > 0 || worker === undefined) return
    if (options.idleUnloadMs === 0) void unload()
    else cancelIdle = options.clock.after(options.idleUnloadMs, () => void unload())
  }
  const startLoading = async (prepared: PreparedModel, context: CallContext): Promise<ModelWorker> => {
    const started = startModelWorker({
      url: options.workerURL,
      model,
      ...(options.heapMegabytes === undefined ? {} : { heapMegabytes: options.heapMegabytes }),
    })
    starting = started
    try {
      context.onProgress?.({ kind: 'load', model, done: false })
      await started.load(prepared.load)
      worker = started
      return started
    } catch (error) {
      await started.terminate()
      throw error
    } finally {
      starting = undefined
      loading = undefined
      // Its caller may have left; then nobody else would notice that it is idle.
      if (queue.size === 0) armIdle()
    }
  }
  const ensureWorker = async (
    prepared: PreparedModel,
    context: CallContext,
    mayRepair = true,
  ): Promise<ModelWorker> => {
    if (worker?.alive === true) return worker
    worker = undefined
    // The load belongs to the model, not to this caller: it goes on when the caller leaves.
    loading ??= startLoading(prepared, context)
    loading.catch(() => undefined)
    try {
      const ready = await orAborted(loading, context.signal, model)
      context.onProgress?.({ kind: 'load', model, done: true })
      return ready
    } catch (error) {
      const files = isOpenMuxError(error) && error.code === 'needs-setup' && error.scope === 'model'
      if (!mayRepair || !files || !(await options.repair(context))) throw error
      return ensureWorker(prepared, context, false)
    }
  }
  const enter = async (context: CallContext): Promise<() => void> => {
    const release = await queue.enter(context.signal, (ahead) =>
      context.onProgress?.({ kind: 'queue', model, ahead }),
    )
    cancelIdle()
    return release
  }
  /** Lets the next call in once the worker is really free; this caller need not wait for that. */
  const leave = (release: () => void, used: ModelWorker | undefined): void => {
    void (used?.settled() ?? Promise.resolve()).then(() => {
      release()
      armIdle()
    })
  }

  return {
    get loaded() {
      return worker?.alive === true
    },
    unload,
    async *generate(prepared, order, context) {
      const release = await enter(context)
      let used: ModelWorker | undefined
      try {
        used = await ensureWorker(prepared, context)
        yield* used.generate(order, context.signal)
      } finally {
        leave(release, used)
      }
    },
    async embed(prepared, order, context) {
      const release = await enter(context)
      let used: ModelWorker | undefined
      try {
        used = await ensureWorker(prepared, context)
        return await used.embed(order, context.signal)
      } finally {
        leave(release, used)
      }
    },
  }
}

function orAborted<Result>(work: Promise<Result>, signal: AbortSignal, model: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(aborted(model))
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
