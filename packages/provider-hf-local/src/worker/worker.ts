/** The entry of the worker thread. Built as its own file, `dist/worker.js`, beside `dist/index.js`. */
import { parentPort } from 'node:worker_threads'
import { embed } from './embed.js'
import { asFailure, Cancelled, WorkerProblem } from './failure.js'
import { generate } from './generate.js'
import { load, type Loaded } from './load.js'
import { hasChatTemplate } from './prompt.js'
import type { LoadOrder, WorkerAnswer, WorkerOrder } from './protocol.js'
import { loadRuntime, type Runtime } from './runtime.js'

interface Held {
  readonly runtime: Runtime
  readonly loaded: Loaded
}

// What the library prints must not end up in somebody's answer. Done here, because taking the streams
// over from outside (`stdout: true`) would keep the whole process alive.
const drop = (): boolean => true
process.stdout.write = drop
process.stderr.write = drop

let held: Held | undefined

function answer(message: WorkerAnswer, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...transfer])
}

async function hold(order: LoadOrder): Promise<Held> {
  const runtime = await loadRuntime(order.runtime)
  return { runtime, loaded: await load(runtime, order) }
}

function holding(): Held {
  if (held === undefined) throw new WorkerProblem({ kind: 'failed', message: 'no model is loaded' })
  return held
}

async function obey(message: WorkerOrder): Promise<void> {
  const { id } = message
  if (message.type === 'load') {
    held = await hold(message.order)
    const { device, tokenizer } = held.loaded
    answer({ type: 'loaded', id, model: { device, hasChatTemplate: hasChatTemplate(tokenizer) } })
    return
  }
  if (message.type === 'check') {
    const { env } = await loadRuntime(message.runtime)
    answer({ type: 'checked', id, version: env.version })
    return
  }
  const { runtime, loaded } = holding()
  // Shared memory, so that a flag set by the other side is seen in the middle of a token's callbacks.
  const cancelled = (): boolean => Atomics.load(message.cancel, 0) === 1
  if (message.type === 'generate') {
    const sink = {
      started: (
        inputTokens: number,
        warnings: Extract<WorkerAnswer, { type: 'started' }>['warnings'],
      ): void => answer({ type: 'started', id, inputTokens, warnings }),
      text: (text: string): void => answer({ type: 'text', id, text }),
    }
    answer({ type: 'finished', id, ...(await generate(runtime, loaded, message.order, sink, cancelled)) })
    return
  }
  const { data, dimensions, inputTokens } = await embed(runtime, loaded, message.order, cancelled)
  answer({ type: 'embedded', id, data, dimensions, inputTokens }, [data.buffer as ArrayBuffer])
}

// Orders come one at a time: the other side keeps the queue.
parentPort?.on('message', (message: WorkerOrder) => {
  obey(message).catch((error: unknown) => {
    if (error instanceof Cancelled) answer({ type: 'cancelled', id: message.id })
    else answer({ type: 'failed', id: message.id, failure: asFailure(error) })
  })
})
