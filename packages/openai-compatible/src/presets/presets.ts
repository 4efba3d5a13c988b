import { OpenMuxError } from '@openmux/core'
import { cerebras, deepinfra, githubModels, groq, mistral, openai, together } from './hosted-services.js'
import { llamaCpp, lmStudio, ollamaV1, vllm } from './local-servers.js'
import type { Preset } from './preset.js'

/** The servers and services whose addresses and quirks are known, by name. */
export const PRESETS = {
  'lm-studio': lmStudio,
  'llama-cpp': llamaCpp,
  vllm,
  'ollama-v1': ollamaV1,
  openai,
  mistral,
  together,
  groq,
  cerebras,
  deepinfra,
  'github-models': githubModels,
} as const satisfies Record<string, Preset>

/** The name of a preset. */
export type PresetName = keyof typeof PRESETS

/** The preset of a name. Throws `bad-config` that lists the names there are. */
export function findPreset(name: string): Preset {
  if (isPresetName(name)) return PRESETS[name]
  const names = Object.keys(PRESETS).join(', ')
  throw new OpenMuxError({
    code: 'bad-config',
    field: 'preset',
    message: `There is no preset of the name given (${name.length} characters).`,
    hint: `There are: ${names}.`,
  })
}

function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name)
}
