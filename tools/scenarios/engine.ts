import { type Clock, createOpenMux, type OpenMux } from '@openmux/core'
import { openaiCompatible } from '@openmux/openai-compatible'

/** The whole engine over one origin, as a user would set it up: every default as it is. */
export function engineOver(baseURL: string, clock: Clock, models: readonly string[]): OpenMux {
  return createOpenMux({
    clock,
    providers: [
      openaiCompatible({
        id: 'wall',
        baseURL,
        locality: 'remote',
        environment: {},
        models: models.map((id) => ({ id, tasks: ['chat'] as const, free: true })),
        supports: { prefill: true },
      }),
    ],
    prefer: models.map((model) => `wall/${model}`),
  })
}
