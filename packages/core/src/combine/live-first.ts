import type { ErrorCode } from '../errors/error-codes.js'
import { isOpenMuxError, OpenMuxError } from '../errors/openmux-error.js'
import type { PartialAnswer } from '../errors/partial-answer.js'
import type { ChatResult, ChatStreamEvent } from '../orchestrator/results.js'
import { notContinued, whyNotContinued } from '../run/rescue.js'
import { Splice, type Spliced } from '../run/splice.js'
import { candidateAt, type RunningPanel } from './combine.js'
import type { CombineStreamEvent } from './combine-stream.js'

/** Whoever is being read, or waits behind the one that is. */
interface Runner {
  readonly index: number
  readonly stop: (error: OpenMuxError) => void
}

/**
 * Members as streams in a race: the one whose content comes first is passed on as it comes, the others are stopped.
 * When it breaks off, the next member begins anew and is read up to the seam.
 */
export class LiveFirst {
  /** Why nobody could go on; the request ends with it. */
  failure: OpenMuxError | undefined
  readonly #push: (event: CombineStreamEvent) => void
  readonly #end: AbortController
  readonly #runners = new Set<Runner>()
  #leader: Runner | undefined
  #text = ''
  #reasoning = ''
  #begun = false
  /** Why the leader before broke off. */
  #broke: ErrorCode | undefined

  constructor(push: (event: CombineStreamEvent) => void, end: AbortController) {
    this.#push = push
    this.#end = end
  }

  /** Whether any text was passed on. */
  get delivered(): boolean {
    return this.#begun
  }

  readonly ask = async (running: RunningPanel, index: number, signal: AbortSignal): Promise<ChatResult> => {
    const own = new AbortController()
    const stopped = Promise.withResolvers<never>()
    stopped.promise.catch(() => undefined)
    const runner: Runner = {
      index,
      stop: (error) => {
        own.abort(error)
        stopped.reject(error)
      },
    }
    this.#runners.add(runner)
    try {
      const input = running.inputOf(candidateAt(running.panel, index), AbortSignal.any([signal, own.signal]))
      return await this.#read(running, runner, running.openmux.stream(input))
    } catch (thrown) {
      // Stopped because another one leads: whether it is missed is clear once that one has ended.
      if (own.signal.aborted && this.#leader !== undefined) return await stopped.promise
      this.#brokeOff(running, runner, thrown)
      throw thrown
    } finally {
      this.#runners.delete(runner)
    }
  }
}
