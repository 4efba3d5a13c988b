import type { ModelCard } from '../contract/model-card.js'
import type { ConsideredProvider } from '../plan/order-providers.js'
import { findModelId } from '../plan/spelling.js'
import { settle } from './provider-candidates.js'
import type { RequestScope } from './request-scope.js'
import type { Survey } from './survey.js'

/**
 * The providers with those in front that have what a preference names without a provider, in the order of the wishes:
 * for that everybody must be asked. Loaded by requests with such a wish.
 */
export async function liftPreferred(
  waiting: readonly ConsideredProvider[],
  wishes: readonly string[],
  surveyOf: (considered: ConsideredProvider) => Survey,
  scope: RequestScope,
): Promise<ConsideredProvider[]> {
  const lists = await Promise.all(
    waiting.map(async (considered) => ({ considered, ids: await idsOf(surveyOf(considered), scope) })),
  )
  const rank = (ids: readonly string[]): number => {
    const place = wishes.findIndex((model) => findModelId(model, ids) !== undefined)
    return place === -1 ? wishes.length : place
  }
  return lists
    .sort((a, b) => rank(a.ids) - rank(b.ids))
    .map(({ considered, ids }, place) => ({
      ...considered,
      place,
      preferred: considered.preferred || rank(ids) < wishes.length,
    }))
}

/** The ids a ready provider has; none when it cannot be asked. */
async function idsOf(survey: Survey, scope: RequestScope): Promise<readonly string[]> {
  const { ready } = await settle(survey.readiness(), scope)
  const cards = ready ? await listed(survey, scope) : []
  // Wishing for a last resort must not put what else its provider has in front.
  return cards.flatMap(({ id, lastResort }) => (lastResort === undefined ? id : []))
}

async function listed(survey: Survey, scope: RequestScope): Promise<readonly ModelCard[]> {
  try {
    return await settle(survey.cards(), scope)
  } catch {
    return []
  }
}
