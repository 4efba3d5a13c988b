import { OpenMuxError } from '@openmux/core'
import { checkOptionNames } from '@openmux/core/names'
import { type FetchLike, shapeOf } from '@openmux/http'

/** How long a model stays in memory after its last answer: `"10m"`, `"24h"`, or seconds; 0 unloads at once, below 0 never. */
export type KeepAlive = string | number

/** What `ollama()` takes. Everything has a default. */
export interface OllamaOptions {
  /**
   * Where the server is, in any spelling `OLLAMA_HOST` may have. Default: `OLLAMA_HOST` of
   * `environment`, else `http://127.0.0.1:11434`.
   */
  readonly baseURL?: string
  /**
   * Key for `baseURL`, sent as a bearer token. Default: `OLLAMA_API_KEY` of `environment`, but only when the
   * server is `ollama.com`: the key of the cloud goes nowhere else.
   */
  readonly apiKey?: string
  /** Used instead of the built-in transport, for instance in browsers and tests. */
  readonly fetch?: FetchLike
  /** Window to load chat models with, in tokens. Default: chosen for each request, see `chooseContext`. */
  readonly contextTokens?: number
  /** The largest window to choose on one's own account, in tokens. Default: what the model was trained for. */
  readonly maxContextTokens?: number
  /** Default: the server's own, 5 minutes unless configured. */
  readonly keepAlive?: KeepAlive
  /**
   * Whether models that run in Ollama's cloud may be used through a local server. Prompts to them leave the
   * machine. Default: true when the caller names one; they are never recommended.
   */
  readonly cloudModels?: boolean
  /** Memory of the server in bytes, for recommending models that fit. Default: this machine's, when the server is on it. */
  readonly memoryBytes?: number
  /** Texts embedded in one request to the server. Default 64. */
  readonly embedBatch?: number
  /** Read once, when the provider is made. Default: `process.env` where there is one. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Every option, so that a misspelt one is told. */
const OPTIONS = {
  baseURL: true,
  apiKey: true,
  fetch: true,
  contextTokens: true,
  maxContextTokens: true,
  keepAlive: true,
  cloudModels: true,
  memoryBytes: true,
  embedBatch: true,
  environment: true,
} satisfies Record<keyof OllamaOptions, true>

/** Throws `bad-config` for an option of the wrong shape; the error names it. */
export function checkOllamaOptions(options: OllamaOptions): void {
  checkOptionNames('ollama', options, OPTIONS)
  for (const name of ['contextTokens', 'maxContextTokens', 'memoryBytes', 'embedBatch'] as const) {
    const value: unknown = options[name]
    if (value !== undefined && !isCount(value)) throw badOption(name, value, 'a whole number above 0')
  }
  for (const name of ['baseURL', 'apiKey'] as const) {
    const value: unknown = options[name]
    if (value !== undefined && typeof value !== 'string') throw badOption(name, value, 'text')
  }
  const { keepAlive, fetch, cloudModels } = options
  if (keepAlive !== undefined && !isKeepAlive(keepAlive))
    throw badOption('keepAlive', keepAlive, 'seconds, or a duration like "10m"')
  if (fetch !== undefined && typeof fetch !== 'function') throw badOption('fetch', fetch, 'a function')
  if (cloudModels !== undefined && typeof cloudModels !== 'boolean')
    throw badOption('cloudModels', cloudModels, 'true or false')
}

/** Whether `value` is a duration the server reads (Go's time.ParseDuration) or a number of seconds. */
export function isKeepAlive(value: unknown): value is KeepAlive {
  if (typeof value === 'number') return Number.isFinite(value)
  return (
    typeof value === 'string' && /^-?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$|^-?\d+(?:\.\d+)?$/.test(value)
  )
}

/** A number of seconds as a number: as text the server wants a unit (api/types.go, Duration). */
export function wireKeepAlive(value: KeepAlive | undefined): KeepAlive | undefined {
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
}

/** Whether `value` is a whole number above 0. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
}

function badOption(field: string, value: unknown, wanted: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-config',
    provider: 'ollama',
    field,
    message: `The option \`${field}\` of ollama() must be ${wanted}; it is ${shapeOf(value)}.`,
    hint: `Correct \`${field}\`, or leave it out for the default.`,
  })
}
