import type { Preset } from '@openmux/openai-compatible'

/** The servers and services whose addresses are known, by name; none when their package is not installed. */
export async function knownPresets(): Promise<readonly Preset[]> {
  try {
    return Object.values((await import('@openmux/openai-compatible')).PRESETS)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return []
    throw error
  }
}

/** A preset that could be used without a line of configuration, by naming it. */
export interface UsablePreset {
  readonly id: string
  readonly name: string
  /** The variable whose key is set; absent for a server of this machine, which needs none. */
  readonly keyVariable?: string
}

/** The presets that a person could name as things stand: their key is set, or they need none. Nothing is asked. */
export function usablePresets(
  presets: readonly Preset[],
  hasKey: (variable: string) => boolean,
  taken: readonly string[],
): readonly UsablePreset[] {
  return (
    presets
      .filter(({ lifecycle }) => lifecycle?.stage !== 'disabled')
      // `ollama-v1` is another way to what `ollama` is already.
      .filter(({ id }) => !taken.some((other) => id === other || id.startsWith(`${other}-`)))
      .flatMap(({ id, name, requiresKey, apiKeyVariable }): UsablePreset[] => {
        if (!requiresKey) return [{ id, name }]
        return apiKeyVariable !== undefined && hasKey(apiKeyVariable)
          ? [{ id, name, keyVariable: apiKeyVariable }]
          : []
      })
  )
}
