import { Worker } from 'node:worker_threads'
import type { FinishReason, OpenMuxError, Warning } from '@openmux/core'
import { aborted, failure, workerFailure } from '../failures.js'
import { answerQueue } from './answer-queue.js'
import type {
  EmbedOrder,
  GenerateOrder,
  LoadedModel,
  LoadOrder,
  WorkerAnswer,
  WorkerOrder,
} from './protocol.js'

/** What comes out of a generation. */
export type GenerateEvent =
  | { readonly type: 'started'; readonly inputTokens: number; readonly warnings: readonly Warning[] }
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'finished'
      readonly reason: FinishReason
      readonly rawReason: string
      readonly outputTokens: number
    }

/** Vectors of all inputs, one after the other. */
export interface EmbedResult {
  readonly data: Float32Array
  readonly dimensions: number
  readonly inputTokens: number
}

/** One thread with one model. Give it one order at a time. */
export interface ModelWorker {
  /** False once the thread has ended for whatever reason; it can then never be used again. */
  readonly alive: boolean
  load(order: LoadOrder): Promise<LoadedModel>
  /** Events of one answer. Leaving the loop or aborting stops the generation at its next token. */
  generate(order: GenerateOrder, signal: AbortSignal): AsyncGenerator<GenerateEvent>
  embed(order: EmbedOrder, signal: AbortSignal): Promise<EmbedResult>
  /** Resolves when no order is being worked on, even one whose caller has left. */
  settled(): Promise<void>
  /**
   * Ends the thread; its memory goes back to the system. Orders under way fail with `aborted` at once. The thread
   * itself ends at its next token: ended inside a computation, the runtime takes the whole process with it
   * (`terminate called after throwing an instance of 'Napi::Error'`, onnxruntime-node 1.30 on Node 22, 24 and 26).
   */
  terminate(): Promise<void>
}

/** How a thread is made. */
export interface ModelWorkerOptions {
  readonly url: URL
  readonly model: string
  /** Cap on the thread's JavaScript heap; the weights do not count, they live outside of it. */
  readonly heapMegabytes?: number
}

/** Longest that ending a thread holds up its caller, ms; the thread itself ends when it can. */
const END_PATIENCE_MS = 2_000

type Listener = (answer: WorkerAnswer | OpenMuxError) => void

/** Starts a thread. The thread does not keep the process alive while it has nothing to do. */
export function startModelWorker(options: ModelWorkerOptions): ModelWorker {
  const thread = new Worker(options.url, {
    name: `openmux ${options.model}`,
    // Flags of the process (inspectors, loaders of test runners) are not for this thread.
    execArgv: [],
    env: withoutTokens(process.env),
    ...(options.heapMegabytes === undefined
      ? {}
      : { resourceLimits: { maxOldGenerationSizeMb: options.heapMegabytes } }),
  })
  thread.unref()

  const listeners = new Map<number, Listener>()
  const waiting: (() => void)[] = []
  /** The flags of orders under way: 1 asks the thread to stop at its next token. */
  const flags = new Set<Int32Array>()
  let alive = true
  let closing = false
  let last = 0

  const end = (id: number): void => {
    listeners.delete(id)
    if (listeners.size > 0) return
    thread.unref()
    for (const done of waiting.splice(0)) done()
  }
  const fail = (error: OpenMuxError): void => {
    alive = false
    for (const [id, listener] of listeners) {
      listener(error)
      end(id)
    }
  }
  thread.on('message', (answer: WorkerAnswer) => {
    listeners.get(answer.id)?.(answer)
    if (answer.type !== 'started' && answer.type !== 'text') end(answer.id)
  })
  thread.on('error', (error) => fail(crashed(error, options.model)))
  thread.on('exit', (code) =>
    fail(closing ? aborted(options.model) : crashed(new Error(`exit code ${code}`), options.model)),
  )

  const send = (make: (id: number) => WorkerOrder, listener: Listener): void => {
    if (!alive)
      return listener(
        closing ? aborted(options.model) : crashed(new Error('the thread has ended'), options.model),
      )
    const id = ++last
    listeners.set(id, listener)
    thread.ref()
    thread.postMessage(make(id))
  }
  const ask = (make: (id: number) => WorkerOrder): Promise<WorkerAnswer> =>
    new Promise((resolve, reject) => {
      send(make, (answer) => ('type' in answer ? resolve(answer) : reject(answer)))
    })
  const expected = (answer: WorkerAnswer): OpenMuxError => {
    if (answer.type === 'failed') return workerFailure(answer.failure, options.model)
    if (answer.type === 'cancelled') return aborted(options.model)
    return failure('unavailable', `The worker answered "${answer.type}" to another question.`, {
      model: options.model,
    })
  }

  const settled = (): Promise<void> =>
    listeners.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(() => resolve()))
  const newFlag = (): Int32Array => {
    const flag = new Int32Array(new SharedArrayBuffer(4))
    flags.add(flag)
    return flag
  }

  return {
    get alive() {
      return alive
    },
    async load(order) {
      const answer = await ask((id) => ({ type: 'load', id, order }))
      if (answer.type === 'loaded') return answer.model
      throw expected(answer)
    },
    async *generate(order, signal) {
      const cancel = newFlag()
      const queue = answerQueue<WorkerAnswer>()
      const stop = (): void => {
        Atomics.store(cancel, 0, 1)
        queue.fail(aborted(options.model))
      }
      if (signal.aborted) throw aborted(options.model)
      signal.addEventListener('abort', stop, { once: true })
      try {
        send(
          (id) => ({ type: 'generate', id, order, cancel }),
          (answer) => ('type' in answer ? queue.push(answer) : queue.fail(answer)),
        )
        for (;;) {
          const answer = await queue.next()
          if (answer.type !== 'started' && answer.type !== 'text' && answer.type !== 'finished')
            throw expected(answer)
          const { id: _, ...event } = answer
          yield event
          if (event.type === 'finished') return
        }
      } finally {
        signal.removeEventListener('abort', stop)
        Atomics.store(cancel, 0, 1)
        flags.delete(cancel)
      }
    },
    async embed(order, signal) {
      const cancel = newFlag()
      if (signal.aborted) throw aborted(options.model)
      let stop = (): void => undefined
      const left = new Promise<never>((_resolve, reject) => {
        stop = () => {
          Atomics.store(cancel, 0, 1)
          reject(aborted(options.model))
        }
      })
      signal.addEventListener('abort', stop, { once: true })
      try {
        const answer = await Promise.race([ask((id) => ({ type: 'embed', id, order, cancel })), left])
        if (answer.type !== 'embedded') throw expected(answer)
        return { data: answer.data, dimensions: answer.dimensions, inputTokens: answer.inputTokens }
      } finally {
        signal.removeEventListener('abort', stop)
        flags.delete(cancel)
      }
    },
    settled,
    async terminate() {
      closing = true
      alive = false
      for (const flag of flags) Atomics.store(flag, 0, 1)
      for (const [id, listener] of listeners) {
        listener(aborted(options.model))
        // Its order is still being worked on: remembered until the thread says so.
        listeners.set(id, () => undefined)
      }
      const ended = settled().then(() => thread.terminate())
      await within(END_PATIENCE_MS, ended)
      // Not done yet: the thread goes on alone and must not keep the process.
      thread.unref()
    },
  }
}

/** Resolves with `work`, or without it after `limitMs`. */
async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

function crashed(error: unknown, model: string): OpenMuxError {
  const code = (error as { code?: unknown }).code
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return failure('unavailable', `The worker of ${model} ran out of memory.`, {
      model,
      cause: error,
      hint: 'The next request starts a fresh worker. Send less at once, or allow it more by the option `workerHeapMegabytes`.',
    })
  }
  const words = error instanceof Error ? error.message : String(error)
  return failure('unavailable', `The worker of ${model} ended unexpectedly: ${words}`, {
    model,
    cause: error,
    hint: 'The next request starts a fresh worker.',
  })
}

/** The worker never talks to anybody, so it gets no key to tell. */
function withoutTokens(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/TOKEN|KEY|SECRET|PASSWORD/i.test(name)))
}
