import type { Provider } from '../contract/provider.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { whyDisabled } from './lifecycle-notice.js'
import { lackOf, type Routing } from './routing.js'

/** A provider in question for a request, before anybody was asked anything. */
export interface ConsideredProvider {
  readonly provider: Provider
  readonly reasons: readonly string[]
  /** Place in the order, from 0. */
  readonly place: number
  /** A preference names it. */
  readonly preferred: boolean
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
    return { code: 'provider-disabled', ...whyDisabled(provider) }
  }
  if (need.localOnly && provider.locality !== 'local') {
    return { code: 'no-candidate', reasons: ['the request must stay on this machine'], remedies: [] }
  }
  const carries = need.task === 'embeddings' ? provider.embed !== undefined : provider.chat !== undefined
  // Whoever chats writes code, too; who does it better is a question of order.
  const does = provider.tasks.includes(need.task) || (need.task === 'code' && provider.tasks.includes('chat'))
  if (!does || !carries) {
    return { code: 'unsupported', reasons: [`does not do ${need.task}`], remedies: [] }
  }
  const lacking = need.capabilities.find((capability) => !provider.supports[capability])
  if (lacking !== undefined) return { code: 'unsupported', reasons: [lackOf(lacking)], remedies: [] }
  return undefined
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
    const place = ordered.length
    if (model !== undefined)
      ordered.push({ provider, reasons, place, preferred: true, preferredModel: model })
    else if (rest.delete(provider)) ordered.push({ provider, reasons, place, preferred: true })
  }
  for (const provider of rest) {
    const reasons = [`number ${all.indexOf(provider) + 1} in the order of providers`]
    ordered.push({ provider, reasons, place: ordered.length, preferred: false })
  }
  return ordered
}
