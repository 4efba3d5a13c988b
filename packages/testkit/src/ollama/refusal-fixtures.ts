import { PULL_REFUSALS } from './pull-refusals.js'
import type { OllamaFixture } from './refusal-fixture.js'
import { REQUEST_REFUSALS } from './request-refusals.js'
import { SERVER_REFUSALS } from './server-refusals.js'

/** Every refusal of an Ollama server that is known, as it goes over the wire, and what it means. */
export const OLLAMA_REFUSALS: readonly OllamaFixture[] = [
  ...REQUEST_REFUSALS,
  ...SERVER_REFUSALS,
  ...PULL_REFUSALS,
]
