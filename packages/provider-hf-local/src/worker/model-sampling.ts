import type { SamplingSettings } from './sampling.js'

/**
 * What a request asks for, completed from the model's `generation_config.json`. A model whose config
 * does not say `do_sample` is greedy unless the request gives a temperature or a top-p, as in the
 * library and its Python original. Temperature 0 is always greedy.
 */
export function modelSampling(
  asked: Partial<SamplingSettings>,
  config: Readonly<Record<string, unknown>> | null,
): SamplingSettings {
  const own = (name: string): number | undefined => {
    const value = config?.[name]
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
  }
  const samples = config?.['do_sample'] === true
  const wanted = asked.temperature ?? (samples || asked.topP !== undefined ? (own('temperature') ?? 1) : 0)
  return {
    temperature: wanted,
    topP: asked.topP ?? (samples ? (own('top_p') ?? 1) : 1),
    topK: asked.topK ?? (samples ? (own('top_k') ?? 0) : 0),
  }
}
