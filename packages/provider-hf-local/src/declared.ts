import type { Provider } from '@openmux/core'
import { CAPABILITIES } from './capabilities.js'
import { PROVIDER_ID } from './failures.js'
import { LIFECYCLE } from './lifecycle.js'

/** What this provider says of itself wherever it is. */
export const DECLARED = {
  contract: 1,
  id: PROVIDER_ID,
  name: 'Hugging Face (local)',
  aliases: ['hf', 'huggingface-local', 'transformers.js', 'transformersjs'],
  lifecycle: LIFECYCLE,
  locality: 'local',
  tasks: ['chat', 'code', 'embeddings'],
  supports: CAPABILITIES,
} as const satisfies Partial<Provider>
