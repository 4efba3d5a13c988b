import { Worker } from 'node:worker_threads'
import type { CallContext, ProbeCheck } from '@openmux/core'
import { failureFinding, notChecked, probeCheck, type ProbeFinding } from '@openmux/core/probe'
import { aborted, failure, INSTALL_RUNTIME, workerFailure } from '../failures.js'
import { isRuntimeInstalled } from '../ready.js'
import type { Settings } from '../settings.js'
import type { WorkerAnswer, WorkerOrder } from '../worker/protocol.js'
import { workerURL } from '../worker/worker-url.js'

/** Longest wait for the library to load, ms. */
const LOAD_MS = 30_000

/** Whether the library loads and is the one we know, in a thread like that of a model. No model is touched. */
export function runtimeCheck({ runtime }: Settings, context: CallContext): Promise<ProbeCheck> {
  const question = {
    id: 'runtime',
    endpoint: 'import @huggingface/transformers',
    purpose: 'the library that runs models',
  }
  if (!isRuntimeInstalled(runtime))
    return Promise.resolve(notChecked(question, `it is not installed: ${INSTALL_RUNTIME}`))
  return probeCheck(question, context, async (call) => {
    const answer = await askWorker(runtime, call)
    if (answer.type === 'checked')
      return { verdict: 'as-expected', evidence: `version ${answer.version} loads` }
    if (answer.type === 'failed') return brokenFinding(answer)
    return { verdict: 'changed-shape', evidence: 'the worker answers something else' }
  })
}

function brokenFinding({ failure: found }: Extract<WorkerAnswer, { type: 'failed' }>): ProbeFinding {
  const finding = failureFinding(workerFailure(found, ''))
  return found.kind === 'missing-runtime'
    ? { ...finding, verdict: 'not-checked' }
    : { ...finding, verdict: 'changed-shape' }
}

async function askWorker(runtime: string, { signal, clock }: CallContext): Promise<WorkerAnswer> {
  const worker = new Worker(workerURL())
  const order: WorkerOrder = { type: 'check', id: 1, runtime }
  const over = new AbortController()
  try {
    return await new Promise<WorkerAnswer>((resolve, reject) => {
      const leave = (): void => reject(aborted())
      signal.addEventListener('abort', leave, { once: true, signal: over.signal })
      if (signal.aborted) leave()
      const cancel = clock.after(LOAD_MS, () =>
        reject(failure('timeout', `The library did not load within ${LOAD_MS / 1_000} s.`)),
      )
      over.signal.addEventListener('abort', cancel, { once: true })
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(failure('unavailable', 'The thread that loads the library ended.')))
      worker.postMessage(order)
    })
  } finally {
    over.abort()
    await worker.terminate()
  }
}
