/** A model as the user names it: `openai/gpt-oss-120b`, `openai/gpt-oss-120b:groq`, `openai/gpt-oss-120b:cheapest`. */
export interface ModelReference {
  /** Without the suffix. */
  readonly id: string
  /** The inference provider that must serve. Absent: the router chooses. */
  readonly provider?: string
  /** How the router chooses (hub-docs inference-providers/index.md). */
  readonly policy?: 'fastest' | 'cheapest' | 'preferred'
}

const POLICIES = ['fastest', 'cheapest', 'preferred'] as const

/** Splits a name at its suffix. */
export function readModelReference(name: string): ModelReference {
  const colon = name.lastIndexOf(':')
  if (colon <= name.lastIndexOf('/') || colon === name.length - 1) return { id: name }
  const id = name.slice(0, colon)
  const suffix = name.slice(colon + 1)
  const policy = POLICIES.find((known) => known === suffix)
  return policy === undefined ? { id, provider: suffix } : { id, policy }
}

/** The name of a vector space: the model's own name, lower case, without organisation and the ending `-onnx`; the same as `@openmux/provider-hf-local` gives. */
export function spaceName(id: string): string {
  return (id.split('/').at(-1) ?? id).toLowerCase().replace(/[-_.]onnx$/, '')
}

/** Whether a text can be the id of a model on the hub. */
export function isModelId(id: string): boolean {
  return /^(?:[\w.-]+\/)?[\w.-]+$/.test(id) && !id.includes('..')
}
