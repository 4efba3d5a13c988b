import { availableParallelism } from 'node:os'
import { isAbsolute } from 'node:path'
import { type Clock, systemClock } from '@openmux/core'
import { checkOptionNames } from '@openmux/core/names'
import { cacheFolderFacts, defaultCacheFolder } from './cache/cache-folder.js'
import { DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDING_MODEL } from './default-models.js'
import { devicesOf, DTYPE_SUFFIXES, type Device, type Dtype } from './device-and-dtype.js'
import type { HubSettings } from './download/hub-client.js'
import { failure } from './failures.js'
import { parseReference } from './model-reference.js'
import type { HfLocalOptions, ModelOptions } from './options.js'

/** The options with every default in its place. */
export interface Settings {
  readonly chatModel: string
  readonly embeddingModel: string
  readonly models: readonly ModelOptions[]
  readonly modelFolders: readonly string[]
  readonly cacheFolder: string
  readonly offline: boolean
  readonly hub: HubSettings
  readonly device: Device | 'auto'
  readonly dtype?: Dtype
  readonly threads: number
  readonly queueLimit: number
  readonly idleUnloadMs: number
  readonly maxTokens: number
  readonly workerHeapMegabytes?: number
  readonly runtime: string
  readonly clock: Clock
}

const IDLE_CONNECTION_MS = 30_000

/** Every option, so that a misspelt one is told. */
const OPTIONS = {
  chatModel: true,
  embeddingModel: true,
  models: true,
  modelFolders: true,
  cacheFolder: true,
  offline: true,
  hub: true,
  token: true,
  device: true,
  dtype: true,
  threads: true,
  queueLimit: true,
  idleUnloadMs: true,
  maxTokens: true,
  workerHeapMegabytes: true,
  runtime: true,
  fetch: true,
  clock: true,
  environment: true,
} satisfies Record<keyof HfLocalOptions, true>

/** Checks the options and fills in what is not given. Throws `bad-config` that names the option. */
export function resolveSettings(options: HfLocalOptions): Settings {
  checkOptionNames('hfLocal', options, OPTIONS)
  const env = options.environment ?? process.env
  const set = (name: string): string | undefined => (env[name]?.trim() === '' ? undefined : env[name]?.trim())
  const token = tokenToSend(options.token, set('HF_TOKEN'))
  return {
    chatModel: checkedModel(options.chatModel ?? DEFAULT_CHAT_MODEL.id, 'chatModel'),
    embeddingModel: checkedModel(options.embeddingModel ?? DEFAULT_EMBEDDING_MODEL.id, 'embeddingModel'),
    models: (options.models ?? []).map((entry, place) => checkedEntry(entry, `models[${place}]`)),
    modelFolders: (options.modelFolders ?? []).map((folder, place) =>
      absolute(folder, `modelFolders[${place}]`),
    ),
    cacheFolder: absolute(
      options.cacheFolder ?? defaultCacheFolder(cacheFolderFacts(env)),
      options.cacheFolder === undefined ? 'OPENMUX_CACHE' : 'cacheFolder',
    ),
    offline: options.offline ?? (isOn(set('OPENMUX_OFFLINE')) || isOn(set('HF_HUB_OFFLINE'))),
    hub: {
      url: checkedHub(
        options.hub ?? set('HF_ENDPOINT') ?? 'https://huggingface.co',
        options.hub === undefined ? 'HF_ENDPOINT' : 'hub',
      ),
      // Looked up at each call: a replacement of the built-in one must be seen.
      fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
      idleMs: IDLE_CONNECTION_MS,
      ...(token === undefined ? {} : { token }),
    },
    device: checkedDevice(options.device ?? 'cpu', 'device'),
    threads: whole(options.threads ?? defaultThreads(availableParallelism()), 1, 'threads'),
    queueLimit: whole(options.queueLimit ?? 16, 0, 'queueLimit'),
    idleUnloadMs: whole(options.idleUnloadMs ?? 600_000, 0, 'idleUnloadMs'),
    maxTokens: whole(options.maxTokens ?? 2_048, 1, 'maxTokens'),
    runtime: options.runtime ?? '@huggingface/transformers',
    clock: options.clock ?? systemClock,
    ...(options.dtype === undefined ? {} : { dtype: checkedDtype(options.dtype, 'dtype') }),
    ...(options.workerHeapMegabytes === undefined
      ? {}
      : { workerHeapMegabytes: whole(options.workerHeapMegabytes, 1, 'workerHeapMegabytes') }),
  }
}

/** More threads than real cores make each token slower, and half of many logical cores are no real ones. */
export function defaultThreads(cores: number): number {
  return cores <= 4 ? Math.max(1, cores) : Math.min(8, Math.floor(cores / 2))
}

function isOn(value: string | undefined): boolean {
  // As huggingface_hub reads its flags (`constants.py`, ENV_VARS_TRUE_VALUES).
  return value !== undefined && ['1', 'true', 'yes', 'on'].includes(value.toLowerCase())
}

function checkedEntry(entry: string | ModelOptions, field: string): ModelOptions {
  const options = typeof entry === 'string' ? { model: entry } : entry
  checkedModel(options.model, typeof entry === 'string' ? field : `${field}.model`)
  if (options.name !== undefined) checkedName(options, field)
  if (options.lastResort !== undefined && !isText(options.lastResort))
    throw wrong(`${field}.lastResort`, 'a phrase that says what the model is', options.lastResort)
  if (options.dtype !== undefined) checkedDtype(options.dtype, `${field}.dtype`)
  if (options.device !== undefined) checkedDevice(options.device, `${field}.device`)
  if (options.contextTokens !== undefined) whole(options.contextTokens, 2, `${field}.contextTokens`)
  return options
}

function checkedName({ name = '', model }: ModelOptions, field: string): void {
  if (!isAbsolute(model)) throw wrong(`${field}.name`, 'absent: only a model folder is given a name', name)
  const reference = isText(name) ? parseReference(name) : undefined
  if (reference === undefined || reference.kind === 'folder' || name.includes('@'))
    throw wrong(`${field}.name`, 'an id like "organisation/name"', name)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

function checkedModel(model: string, field: string): string {
  if (typeof model === 'string' && parseReference(model) !== undefined) return model
  throw wrong(field, 'an id like "organisation/name" or an absolute path', model)
}

function checkedHub(url: string, field: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (
    parsed === undefined ||
    !['http:', 'https:'].includes(parsed.protocol) ||
    parsed.username !== '' ||
    parsed.password !== ''
  ) {
    throw wrong(field, 'an http or https address without user or password', undefined)
  }
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '')
}

/**
 * Keys that name another service by how they begin (each vendor's documentation). The hub must not see them; it serves
 * public models without any token.
 */
const KEY_OF_ANOTHER = /^(?:sk-|gsk_|csk-|xai-|AIza|nvapi-|pplx-|r8_|gh[pousr]_|github_pat_)/

/** The token for the hub. One of another service in the environment counts as none: it was put there for others. */
function tokenToSend(given: string | undefined, fromEnvironment: string | undefined): string | undefined {
  const token = given ?? fromEnvironment
  if (token === undefined) return undefined
  // Never shown, not even in part.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw wrong('token', 'printable characters without blanks or line ends', undefined)
  if (!KEY_OF_ANOTHER.test(token)) return token
  if (given === undefined) return undefined
  throw wrong(
    'token',
    'a token of the hub (those of Hugging Face begin with hf_), not a key of another service',
    undefined,
  )
}

function checkedDevice(device: Device | 'auto', field: string): Device | 'auto' {
  const known: readonly string[] = ['auto', ...devicesOf(process.platform, process.arch)]
  if (known.includes(device)) return device
  throw wrong(field, `one of ${known.join(', ')} on this machine`, device)
}

function checkedDtype(dtype: Dtype, field: string): Dtype {
  if (Object.hasOwn(DTYPE_SUFFIXES, dtype)) return dtype
  throw wrong(field, `one of ${Object.keys(DTYPE_SUFFIXES).join(', ')}`, dtype)
}

function absolute(path: string, field: string): string {
  if (typeof path === 'string' && isAbsolute(path)) return path
  throw wrong(field, 'an absolute path', path)
}

function whole(value: number, least: number, field: string): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw wrong(field, `a whole number of at least ${least}`, value)
}

function wrong(field: string, shape: string, value: unknown): Error {
  const shown = value === undefined ? '' : `, not ${JSON.stringify(value)}`
  return failure('bad-config', `${field} must be ${shape}${shown}.`, { field })
}
