import type { Provider } from '../contract/provider.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import { whyDisabled } from '../plan/lifecycle-notice.js'
import type { Engine } from './engine.js'
import type { ListedModel, ModelListing, ProviderReport } from './results.js'

/** Every model of every provider that can be asked. */
export async function listModels(engine: Engine, signal: AbortSignal | undefined): Promise<ModelListing> {
  const scope = engine.scope(signal)
  try {
    const asked = engine.providers.map(async (provider) => {
      try {
        // Disabled: costs no request and no key.
        if (!engine.isEnabled(provider)) throw providerDisabled(provider)
        const cards = await scope.race(provider.models({ signal: scope.signal, clock: engine.clock }))
        return {
          models: cards.map((card): ListedModel => ({ ...card, provider: provider.id })),
          failures: [],
        }
      } catch (thrown) {
        if (scope.failure !== undefined) throw scope.failure
        return {
          models: [],
          failures: [{ provider: provider.id, error: toOpenMuxError(thrown, provider.id) }],
        }
      }
    })
    const lists = await Promise.all(asked)
    return {
      models: lists.flatMap(({ models }) => models),
      failures: lists.flatMap(({ failures }) => failures),
    }
  } finally {
    scope.end()
  }
}

/** Every provider as it stands right now. */
export async function reportProviders(
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<readonly ProviderReport[]> {
  const scope = engine.scope(signal)
  try {
    return await Promise.all(
      engine.providers.map(async (provider): Promise<ProviderReport> => {
        const { id, name, locality, tasks, lifecycle } = provider
        const enabled = engine.isEnabled(provider)
        const { reasons, remedies } = whyDisabled(provider)
        const readiness = enabled
          ? await scope.race(engine.readinessOf(provider))
          : { ready: false as const, reason: reasons.join(', '), remedies }
        return { id, name, locality, tasks, lifecycle, enabled, readiness }
      }),
    )
  } finally {
    scope.end()
  }
}

function providerDisabled(provider: Provider): OpenMuxError {
  const { id, name } = provider
  const { reasons, remedies } = whyDisabled(provider)
  return new OpenMuxError({
    code: 'provider-disabled',
    provider: id,
    message: `${name} is ${reasons.join(', ')}.`,
    hint: remedies[0],
    remedies,
  })
}
