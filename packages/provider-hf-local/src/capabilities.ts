import type { Capabilities } from '@openmux/core'

/**
 * What this provider can do with a chat model. Tools, forced JSON and images are not done: small
 * models in this runtime have no enforced grammar, and we promise nothing that is not enforced.
 */
export const CAPABILITIES: Capabilities = {
  streaming: true,
  tools: false,
  json: false,
  jsonSchema: false,
  vision: false,
  reasoning: false,
  seed: true,
  prefill: true,
  logprobs: false,
}
