import { type Capabilities, OpenMuxError, type Provider } from '@openmux/core'
import type { ProviderEntry } from './registry.js'

/** Claims everything, so that what is told is that it is missing, and not that it lacks some ability. */
const ANYTHING: Capabilities = {
  streaming: true,
  tools: true,
  json: true,
  jsonSchema: true,
  vision: true,
  reasoning: true,
  seed: true,
  prefill: true,
  logprobs: true,
}

/** Stands where a provider would be whose package is not installed: never ready, with the command that installs it. */
export function missingProvider(entry: Pick<ProviderEntry, 'id' | 'name' | 'packageName'>): Provider {
  const remedy = `Install it: npm install ${entry.packageName}`
  const missing = (): OpenMuxError =>
    new OpenMuxError({
      code: 'needs-setup',
      provider: entry.id,
      message: `The package ${entry.packageName} is not installed.`,
      hint: remedy,
    })
  return {
    contract: 1,
    id: entry.id,
    name: entry.name,
    lifecycle: { stage: 'active', since: '2026-11-23' },
    locality: 'local',
    tasks: ['chat', 'code', 'embeddings'],
    supports: ANYTHING,
    hosts: [],
    ready: async () => ({
      ready: false,
      reason: `the package ${entry.packageName} is not installed`,
      remedies: [remedy],
    }),
    models: async () => {
      throw missing()
    },
    // oxlint-disable-next-line require-yield
    async *chat() {
      throw missing()
    },
    embed: async () => {
      throw missing()
    },
    close: async () => undefined,
  }
}
