import { type CallContext, isOpenMuxError } from '@openmux/core'
import type { JsonObject } from '@openmux/http'
import { aboutModel } from '../errors/about-model.js'
import { canonicalModelName } from '../names/model-name.js'
import { waitFor } from './wait-for.js'

/** What is to be in memory. */
export interface LoadWish {
  /** As the server names it. */
  readonly model: string
  /** As the caller named it, for errors and progress. */
  readonly calledAs: string
  /** Window in tokens; absent: the server's own choice. */
  readonly contextTokens?: number
  /** The window was set by a person: a larger one does not do. */
  readonly exact?: boolean
  /** Other options that the server loads a model by, `num_gpu` …: equal wishes share one load. */
  readonly runnerOptions: JsonObject
  readonly embeds: boolean
  readonly keepAlive?: string | number
}

/** Asks the server to load; settles when the model is in memory. */
export type StartLoad = (wish: LoadWish, context: CallContext) => Promise<void>

/** Loads models, each once for all who wait. */
export interface Loader {
  /**
   * Waits until the model is in memory, joining a load under way that is large enough. Gives the window
   * it was loaded with. Throws what the load failed with, `aborted` or `loading`.
   */
  load(wish: LoadWish, context: CallContext): Promise<number | undefined>
  /** Whether a load of the model is under way: the server lists it as if it were there. */
  isLoading(model: string): boolean
  /** Lets go of every load: those who wait get `aborted`. */
  close(): void
}

interface LoadUnderWay {
  readonly wish: LoadWish
  readonly done: Promise<void>
}

/**
 * A loader that starts loads with `start`.
 *
 * A load is never tied to a caller's signal: Ollama gives up loading when the client that asked for
 * it leaves (server/sched.go: the load waits on the request's context), so a caller who moves on to
 * another provider would throw away minutes of work.
 */
export function createLoader(start: StartLoad): Loader {
  const underWay = new Map<string, LoadUnderWay>()
  const closing = new AbortController()

  const begin = (wish: LoadWish, after: LoadUnderWay | undefined, { clock }: CallContext): LoadUnderWay => {
    const key = canonicalModelName(wish.model)
    const run = async (): Promise<void> => {
      // One at a time for each model: the server would undo the first load for the second.
      await after?.done.catch(() => undefined)
      await start(wish, { signal: closing.signal, clock })
    }
    const load: LoadUnderWay = { wish, done: run() }
    underWay.set(key, load)
    const forget = (): void => {
      if (underWay.get(key) === load) underWay.delete(key)
    }
    load.done.then(forget, forget)
    return load
  }

  const current = (wish: LoadWish): LoadUnderWay | undefined => underWay.get(canonicalModelName(wish.model))

  return {
    isLoading: (model) => underWay.has(canonicalModelName(model)),
    async load(wish, context) {
      const before = current(wish)
      const load = before !== undefined && suffices(before.wish, wish) ? before : begin(wish, before, context)
      const model = wish.calledAs
      context.onProgress?.({ kind: 'load', model, done: false })
      try {
        await waitFor(load.done, model, context)
      } catch (error) {
        throw isOpenMuxError(error) && error.model !== model ? aboutModel(error, model) : error
      }
      context.onProgress?.({ kind: 'load', model, done: true })
      return load.wish.contextTokens
    },
    close() {
      closing.abort()
      underWay.clear()
    },
  }
}

function suffices(load: LoadWish, wish: LoadWish): boolean {
  if (JSON.stringify(load.runnerOptions) !== JSON.stringify(wish.runnerOptions)) return false
  if (wish.contextTokens === undefined || load.contextTokens === wish.contextTokens) return true
  return wish.exact !== true && (load.contextTokens ?? 0) > wish.contextTokens
}
