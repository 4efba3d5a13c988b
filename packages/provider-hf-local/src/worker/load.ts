import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WorkerProblem, words } from './failure.js'
import type { LoadOrder } from './protocol.js'
import type { Runtime, RuntimeModel, RuntimeTokenizer } from './runtime.js'

/** A tokenizer and its model in memory. */
export interface Loaded {
  readonly tokenizer: RuntimeTokenizer
  readonly model: RuntimeModel
  readonly device: string
}

/** Words by which the library or its native part say that the device, not the model, is the trouble. */
const DEVICE_TROUBLE =
  /unsupported device|execution provider|onnxruntime_providers|cuda|webgpu|directml|coreml|backend not found/i

/**
 * Loads from the folder, by the Auto classes and with an absolute path: a relative `a/b` would be
 * looked for below `env.localModelPath`. Without a progress callback, which would start look-ups.
 */
export async function load(runtime: Runtime, order: LoadOrder): Promise<Loaded> {
  const tokenizer = await loadTokenizer(runtime, order.folder)
  const maker = order.task === 'chat' ? runtime.AutoModelForCausalLM : runtime.AutoModel
  let trouble: WorkerProblem | undefined
  for (const device of order.devices) {
    try {
      const model = await maker.from_pretrained(order.folder, {
        local_files_only: true,
        device,
        dtype: order.dtype,
        ...(order.fileName === undefined ? {} : { model_file_name: order.fileName }),
        session_options: {
          intraOpNumThreads: order.threads,
          interOpNumThreads: 1,
          logSeverityLevel: 4,
        },
      })
      return { tokenizer, model, device }
    } catch (error) {
      const kind = device !== 'cpu' && DEVICE_TROUBLE.test(words(error)) ? 'device' : 'broken-model'
      trouble = new WorkerProblem({ kind, message: words(error) })
    }
  }
  throw trouble ?? new WorkerProblem({ kind: 'failed', message: 'no device was named' })
}

async function loadTokenizer(runtime: Runtime, folder: string): Promise<RuntimeTokenizer> {
  try {
    const tokenizer = await runtime.AutoTokenizer.from_pretrained(folder, { local_files_only: true })
    // Newer repositories keep the template in a file of its own, which goes before the one in
    // `tokenizer_config.json` (transformers, `chat_template.jinja`); the library does not read it.
    const template = await readFile(join(folder, 'chat_template.jinja'), 'utf8').catch(() => undefined)
    if (template !== undefined) tokenizer.chat_template = template
    return tokenizer
  } catch (error) {
    throw new WorkerProblem({ kind: 'broken-model', message: `tokenizer: ${words(error)}` })
  }
}
