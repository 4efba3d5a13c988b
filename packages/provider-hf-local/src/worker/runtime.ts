import { WorkerProblem, words } from './failure.js'

/** A tensor of the library, as far as we use it (`utils/tensor.js`). */
export interface RuntimeTensor {
  readonly dims: readonly number[]
  readonly data: Float32Array | BigInt64Array
  dispose?(): void
}

/** A tokenizer (`tokenization_utils.js`). */
export interface RuntimeTokenizer {
  (
    texts: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, RuntimeTensor>>
  chat_template: unknown
  readonly eos_token_id: number | null | undefined
  readonly eos_token: string | null | undefined
  encode(text: string, options: Readonly<Record<string, unknown>>): number[]
  decode(tokens: readonly number[], options: Readonly<Record<string, unknown>>): string
  apply_chat_template(messages: readonly unknown[], options: Readonly<Record<string, unknown>>): string
}

/** A model (`models/modeling_utils.js`). */
export interface RuntimeModel {
  (inputs: Readonly<Record<string, RuntimeTensor>>): Promise<Readonly<Record<string, RuntimeTensor>>>
  readonly generation_config: Readonly<Record<string, unknown>> | null
  readonly config: Readonly<Record<string, unknown>>
  readonly sessions: Readonly<Record<string, { readonly inputNames: readonly string[] }>>
  generate(options: Readonly<Record<string, unknown>>): Promise<unknown>
  dispose(): Promise<unknown>
}

/** Called with all ids so far and the scores of the next token; may change the scores. */
export type LogitsCallback = (ids: readonly (readonly bigint[])[], logits: RuntimeTensor) => RuntimeTensor

/** Called with all ids after every token; `[true]` ends the answer. */
export type StopCallback = (ids: readonly (readonly bigint[])[]) => boolean[]

interface AutoClass<Made> {
  from_pretrained(folder: string, options: Readonly<Record<string, unknown>>): Promise<Made>
}

/** What we use of `@huggingface/transformers` 4. Types are our own, because the package is optional. */
export interface Runtime {
  readonly env: {
    version: string
    allowRemoteModels: boolean
    allowLocalModels: boolean
    useFSCache: boolean
    useBrowserCache: boolean
    useWasmCache: boolean
    logLevel: number
    fetch: unknown
  }
  readonly AutoTokenizer: AutoClass<RuntimeTokenizer>
  readonly AutoModel: AutoClass<RuntimeModel>
  readonly AutoModelForCausalLM: AutoClass<RuntimeModel>
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => RuntimeTensor
  readonly LogitsProcessorList: new () => { push(item: LogitsCallback): void }
  readonly StoppingCriteriaList: new () => { push(item: StopCallback): void }
}

/** Nothing but failures is our business to print, and those become errors. */
const SILENT = 50

/**
 * Imports the library and takes the network and its caches away from it: files come from the folder
 * we name and nowhere else. `env` is one object for the whole thread, and this is the only place
 * that sets it. (In 4.2 `pipeline()` looked files up remotely even when told not to; we use neither
 * it nor progress callbacks.)
 */
export async function loadRuntime(specifier: string): Promise<Runtime> {
  let module: unknown
  try {
    module = await import(specifier)
  } catch (error) {
    const code = (error as { code?: unknown }).code
    // A missing part of it, such as a native library, is told apart by the name in the message.
    const absent = code === 'ERR_MODULE_NOT_FOUND' && words(error).includes(`'${specifier}'`)
    throw new WorkerProblem({ kind: absent ? 'missing-runtime' : 'broken-runtime', message: words(error) })
  }
  const runtime = module as Runtime
  if (
    typeof runtime.AutoModelForCausalLM?.from_pretrained !== 'function' ||
    typeof runtime.env !== 'object'
  ) {
    throw new WorkerProblem({ kind: 'broken-runtime', message: `${specifier} is not transformers.js 4` })
  }
  const version: unknown = runtime.env.version
  // Another major version may answer, and differently: what it does was never looked at.
  if (typeof version !== 'string' || !version.startsWith('4.')) {
    const message = `it is version ${String(version)}, and 4 is needed`
    throw new WorkerProblem({ kind: 'broken-runtime', message })
  }
  runtime.env.allowRemoteModels = false
  runtime.env.allowLocalModels = true
  runtime.env.useFSCache = false
  runtime.env.useBrowserCache = false
  runtime.env.useWasmCache = false
  runtime.env.logLevel = SILENT
  runtime.env.fetch = () => Promise.reject(new Error('the worker has no network'))
  return runtime
}
