import type { HfEndpointOptions } from '@openmux/provider-hf-remote'
import type { OpenAICompatibleOptions, Preset } from '@openmux/openai-compatible'
import type { ProviderConfiguration } from '../configuration/configuration.js'
import { knownLifecycle } from './known-lifecycle.js'
import type { ProviderEntry, ProviderVariable } from './provider-entry.js'

const COMPATIBLE = '@openmux/openai-compatible'
const HF_REMOTE = '@openmux/provider-hf-remote'

/** The entry of a provider that the user named and described: a dedicated endpoint, or a server of the OpenAI format. */
export function ownEntry(
  id: string,
  options: ProviderConfiguration,
  presets: readonly Preset[],
): ProviderEntry {
  return typeof options['url'] === 'string'
    ? endpointEntry(id, options)
    : compatibleEntry(id, options, presets)
}

/** A server or service of the OpenAI format. A name that is a preset's needs no further word. */
export function compatibleEntry(
  id: string,
  options: ProviderConfiguration,
  presets: readonly Preset[],
): ProviderEntry {
  const presetName = textOf(options['preset']) ?? id
  const preset = presets.find((one) => one.id === presetName)
  const baseURL = textOf(options['baseURL'])
  const named = textOf(options['apiKeyVariable'])
  // The key of a service does not go to another address; the package keeps to that, too.
  const isOwnAddress = baseURL === undefined || baseURL === preset?.baseURL
  const variable = named ?? (isOwnAddress ? preset?.apiKeyVariable : undefined)
  const requiresKey = options['requiresKey'] ?? preset?.requiresKey ?? false
  const page = preset?.keyPage === undefined ? 'the key' : `a key from ${preset.keyPage}`
  return {
    id,
    name: textOf(options['name']) ?? preset?.name ?? id,
    ...(preset?.aliases !== undefined && { aliases: preset.aliases }),
    packageName: COMPATIBLE,
    variables: keyVariable(variable, 'apiKey'),
    keyOption: 'apiKey',
    // Who names the variable decides where that key goes.
    addresses:
      named === undefined || named === preset?.apiKeyVariable ? ['baseURL'] : ['baseURL', 'apiKeyVariable'],
    // Told until it is loaded, which then knows: what needs a key is a service.
    locality: options['locality'] === 'local' || preset?.requiresKey === false ? 'local' : 'remote',
    tasks: preset?.tasks ?? ['chat', 'code', 'embeddings'],
    ...(requiresKey === true && {
      needsKey: {
        remedy:
          variable === undefined
            ? `Give the key as providers.${id}.apiKey, or name its variable as providers.${id}.apiKeyVariable.`
            : `Set ${variable} to ${page}.`,
      },
    }),
    lifecycle: preset?.lifecycle ?? knownLifecycle(COMPATIBLE),
    async load({ options: bound, env }) {
      const { openaiCompatible } = await import('@openmux/openai-compatible')
      // The schema of the configuration holds the options to their shapes.
      const given = bound as Partial<OpenAICompatibleOptions>
      const implied = preset !== undefined && given.preset === undefined ? { preset: preset.id } : {}
      return openaiCompatible({ ...implied, ...given, id, environment: env } as OpenAICompatibleOptions)
    },
  }
}

/** A dedicated Inference Endpoint of Hugging Face. A public one needs no token, so none is asked for here. */
function endpointEntry(id: string, options: ProviderConfiguration): ProviderEntry {
  return {
    id,
    name: 'Hugging Face endpoint',
    packageName: HF_REMOTE,
    variables: keyVariable('HF_TOKEN', 'token', (address = '') => isEndpointHost(address)),
    keyOption: 'token',
    addresses: ['url'],
    locality: 'remote',
    tasks: options['task'] === 'embeddings' ? ['embeddings'] : ['chat', 'code'],
    lifecycle: knownLifecycle(HF_REMOTE),
    async load({ options: bound, env }) {
      const { hfEndpoint } = await import('@openmux/provider-hf-remote')
      return hfEndpoint({ ...(bound as unknown as HfEndpointOptions), id, environment: env })
    },
  }
}

function keyVariable(
  name: string | undefined,
  option: string,
  countsFor?: ProviderVariable['countsFor'],
): readonly ProviderVariable[] {
  return name === undefined
    ? []
    : [{ name, option, role: 'key', ...(countsFor !== undefined && { countsFor }) }]
}

function isEndpointHost(address: string): boolean {
  return URL.parse(address)?.hostname.toLowerCase().endsWith('.endpoints.huggingface.cloud') === true
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
