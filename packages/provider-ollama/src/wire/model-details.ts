import { defined, objectOf, positiveOf, textOf, textsOf } from '@openmux/http'

/** What the server says about the weights of a model. */
export interface OllamaModelDetails {
  readonly family?: string
  /** As the server writes it: `268.10M`, `7.6B`. */
  readonly parameterSize?: string
  readonly quantization?: string
  readonly format?: string
}

/** Reads `details` of tags, show and ps (Ollama api/types.go, ModelDetails). */
export function readModelDetails(value: unknown): OllamaModelDetails {
  const details = objectOf(value) ?? {}
  return defined({
    family: textOf(details['family']),
    parameterSize: textOf(details['parameter_size']),
    quantization: textOf(details['quantization_level']),
    format: textOf(details['format']),
  })
}

const SCALE: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, B: 1e9, T: 1e12 }

/** `268.10M` → 268_100_000; undefined for anything else. */
export function parameterCount(size: string | undefined): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([KMBT]?)$/i.exec(size?.trim() ?? '') ?? []
  if (digits === undefined || unit === undefined) return undefined
  return positiveOf(Math.round(Number(digits) * (SCALE[unit.toUpperCase()] ?? Number.NaN)))
}

/** What a model can do; undefined where the server does not tell, as those before 0.6.4. */
export function readCapabilities(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? textsOf(value) : undefined
}
