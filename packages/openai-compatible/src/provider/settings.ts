import type { Capabilities, Lifecycle, Locality, ModelCard, Task } from '@openmux/core'
import { defined, isLoopback } from '@openmux/http'
import { LIFECYCLE } from '../lifecycle.js'
import { findPreset } from '../presets/presets.js'
import type { Preset } from '../presets/preset.js'
import { DEFAULT_QUIRKS, type OpenAIQuirks } from '../request/quirks.js'
import { badOption, checkOptions } from './check-options.js'
import type { OpenAICompatibleHooks } from './hooks.js'
import { knownCard } from './model-card.js'
import type { OpenAICompatibleOptions } from './options.js'

/** What a server of this format is taken to be able to do; models and servers narrow it down by refusing. */
export const DEFAULT_SUPPORTS: Capabilities = {
  streaming: true,
  tools: true,
  json: true,
  jsonSchema: true,
  vision: true,
  reasoning: true,
  seed: true,
  prefill: false,
  logprobs: false,
}

const NO_CHAT: Capabilities = {
  ...DEFAULT_SUPPORTS,
  streaming: false,
  tools: false,
  json: false,
  jsonSchema: false,
  vision: false,
  reasoning: false,
  seed: false,
}

/** The options with their defaults, decided once. */
export interface Settings {
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly baseURL: string
  /** Absent: there is none, or it was blank. */
  readonly apiKey?: string
  readonly apiKeyVariable?: string
  readonly requiresKey: boolean
  readonly lifecycle: Lifecycle
  readonly locality: Locality
  readonly tasks: readonly Task[]
  readonly supports: Capabilities
  readonly quirks: OpenAIQuirks
  /** The same for a chat: what is not declared is not sent. */
  readonly chatQuirks: OpenAIQuirks
  readonly hooks: OpenAICompatibleHooks
  /** Absent: the server is asked. */
  readonly models?: readonly ModelCard[]
  /** What starts the server, for a local one. */
  readonly start?: string
  readonly keyPage?: string
  readonly embedBatch: number
  readonly usageWaitMs: number
}

/** Options and preset as settings. Throws `bad-config` that names the option. */
export function settle(options: OpenAICompatibleOptions): Settings {
  checkOptions(options)
  const preset = typeof options.preset === 'string' ? findPreset(options.preset) : options.preset
  const baseURL = options.baseURL ?? preset?.baseURL
  if (baseURL === undefined)
    throw badOption(
      'baseURL',
      baseURL,
      'the address before /chat/completions',
      'Give baseURL, or a preset that has one.',
    )
  const id = options.id ?? preset?.id
  if (id === undefined)
    throw badOption(
      'id',
      id,
      'lower case words joined by "-"',
      'Give an id of your choice, for instance the name of the server.',
    )
  const locality = options.locality ?? (isLoopback(URL.parse(baseURL)?.hostname ?? '') ? 'local' : 'remote')
  const tasks = options.tasks ?? preset?.tasks ?? ['chat', 'code', 'embeddings']
  const hooks = { ...preset?.hooks, ...options.hooks }
  const chats = tasks.includes('chat') || tasks.includes('code')
  const cards = (options.models ?? preset?.models)?.map((model) => knownCard(model, { locality, tasks }))
  const supports = chats ? { ...DEFAULT_SUPPORTS, ...preset?.supports, ...options.supports } : NO_CHAT
  const quirks = { ...DEFAULT_QUIRKS, ...preset?.hooks?.quirks, ...options.hooks?.quirks }
  return {
    id,
    name: options.name ?? preset?.name ?? id,
    aliases: options.aliases ?? preset?.aliases ?? [],
    baseURL,
    lifecycle: options.lifecycle ?? preset?.lifecycle ?? LIFECYCLE,
    locality,
    tasks,
    supports,
    quirks,
    chatQuirks: quirksFor(quirks, supports),
    hooks,
    embedBatch: options.embedBatch ?? 64,
    usageWaitMs: options.usageWaitMs ?? 1_000,
    ...settleKey(options, preset),
    ...defined({ models: cards, start: preset?.start, keyPage: preset?.keyPage }),
  }
}

/** What is not declared is not sent: the option then gives a warning. */
function quirksFor(quirks: OpenAIQuirks, supports: Capabilities): OpenAIQuirks {
  return {
    ...quirks,
    ...(supports.reasoning ? {} : { reasoning: 'none' as const }),
    ...(supports.seed ? {} : { seedField: 'none' as const }),
    ...(supports.prefill ? {} : { prefill: 'as-is' as const }),
  }
}

function settleKey(
  options: OpenAICompatibleOptions,
  preset: Preset | undefined,
): Pick<Settings, 'apiKey' | 'apiKeyVariable' | 'requiresKey'> {
  const apiKeyVariable = options.apiKeyVariable ?? preset?.apiKeyVariable
  // The key of a service must not go to another address that a user put in place of it.
  const isOwnAddress =
    options.apiKeyVariable !== undefined ||
    options.baseURL === undefined ||
    options.baseURL === preset?.baseURL
  const fromEnvironment =
    apiKeyVariable === undefined || !isOwnAddress ? undefined : environmentOf(options)[apiKeyVariable]?.trim()
  const given = options.apiKey ?? fromEnvironment
  const apiKey = given === undefined || given.trim() === '' ? undefined : given
  const wasBlank = options.apiKey !== undefined && options.apiKey.trim() === ''
  return {
    requiresKey: options.requiresKey ?? preset?.requiresKey ?? wasBlank,
    ...defined({ apiKey, apiKeyVariable }),
  }
}

/** The variables of the process, or those given in their place. */
export function environmentOf({
  environment,
}: OpenAICompatibleOptions): Readonly<Record<string, string | undefined>> {
  return environment ?? (typeof process === 'undefined' ? {} : process.env)
}
