import type { Lifecycle } from '../contract/lifecycle.js'
import type { Provider } from '../contract/provider.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { lackOf, type Routing } from './routing.js'

/** A provider in question for a request, before anybody was asked anything. */
export interface ConsideredProvider {
  readonly provider: Provider
  readonly reasons: readonly string[]
  /** Only this model of it, because a preference names it; the provider stands in the order once more without. */
  readonly preferredModel?: string
}

/** A provider out of question, and why. */
export interface CutProvider {
  readonly provider: Provider
  readonly reasons: readonly string[]
  readonly remedies: readonly string[]
  readonly code: ErrorCode
  /** The request itself names another provider: nothing anybody needs to be told. */
  readonly notAskedFor?: true
}

/** The providers for a request, from what they declare alone. */
export interface ProviderOrder {
  readonly considered: readonly ConsideredProvider[]
  readonly cut: readonly CutProvider[]
}

/** Pure: floors cut, preferences order. Equal input gives equal output. */
export function orderProviders(
  routing: Routing,
  providers: readonly Provider[],
  forced: ReadonlySet<string>,
): ProviderOrder {
  const cut: CutProvider[] = []
  const kept: Provider[] = []
  for (const provider of providers) {
    const why = reasonToCut(provider, routing, forced)
    if (why === undefined) kept.push(provider)
    else cut.push({ provider, ...why })
  }
  return { considered: byPreference(kept, routing, providers), cut }
}

function reasonToCut(
  provider: Provider,
  routing: Routing,
  forced: ReadonlySet<string>,
): Omit<CutProvider, 'provider'> | undefined {
  const { need, onlyProvider } = routing
  if (onlyProvider !== undefined && provider.id !== onlyProvider) {
    return {
      code: 'no-candidate',
      reasons: [`the request asks for ${onlyProvider} only`],
      remedies: [],
      notAskedFor: true,
    }
  }
  if (provider.lifecycle.stage === 'disabled' && !forced.has(provider.id)) {
    return { code: 'provider-disabled', ...whyDisabled(provider.lifecycle) }
  }
  if (need.localOnly && provider.locality !== 'local') {
    return { code: 'no-candidate', reasons: ['the request must stay on this machine'], remedies: [] }
  }
  const carries = need.task === 'embeddings' ? provider.embed !== undefined : provider.chat !== undefined
  if (!provider.tasks.includes(need.task) || !carries) {
    return { code: 'unsupported', reasons: [`does not do ${need.task}`], remedies: [] }
  }
  const lacking = need.capabilities.find((capability) => !provider.supports[capability])
  if (lacking !== undefined) return { code: 'unsupported', reasons: [lackOf(lacking)], remedies: [] }
  return undefined
}

/** For people: why a disabled provider is left out, and what to do. */
export function whyDisabled({ since, reason, replacement }: Lifecycle): {
  readonly reasons: readonly string[]
  readonly remedies: readonly string[]
} {
  return {
    reasons: [`disabled since ${since}${reason === undefined ? '' : `: ${reason}`}`],
    remedies: replacement === undefined ? [] : [`Use ${replacement} instead.`],
  }
}

function byPreference(
  kept: readonly Provider[],
  routing: Routing,
  all: readonly Provider[],
): readonly ConsideredProvider[] {
  const ordered: ConsideredProvider[] = []
  const rest = new Set(kept)
  for (const [index, { provider: id, model, spelling }] of routing.preferences.entries()) {
    // A model without a provider says nothing about order until the models are known.
    const provider = kept.find((candidate) => candidate.id === id)
    if (provider === undefined) continue
    const reasons = [`preference ${index + 1} of the request: ${spelling}`]
    if (model !== undefined) ordered.push({ provider, reasons, preferredModel: model })
    else if (rest.delete(provider)) ordered.push({ provider, reasons })
  }
  for (const provider of rest) {
    const place = all.indexOf(provider) + 1
    ordered.push({ provider, reasons: [`number ${place} in the order of providers`] })
  }
  return ordered
}
