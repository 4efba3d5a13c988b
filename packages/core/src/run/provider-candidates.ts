import { embeddingSpaceId } from '../contract/embedding-space.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import {
  chooseListed,
  chooseNamed,
  choosePreferred,
  chooseRecommended,
  type ModelsChosen,
} from '../plan/choose-models.js'
import { contextMisfit } from '../plan/context-need.js'
import type { ConsideredProvider } from '../plan/order-providers.js'
import { placeOfModel } from '../plan/places.js'
import { floorCrossed } from '../plan/policies.js'
import type { Routing } from '../plan/routing.js'
import type { Candidate, CutOff } from './candidate.js'
import type { Knowledge } from './knowledge.js'
import type { RequestScope } from './request-scope.js'
import type { Survey } from './survey.js'

/** Models of one provider worth trying in one request: the best, and one more if that one fails. */
const MODELS_IN_ORDER = 2
/** Models of one provider worth scoring. */
const MODELS_TO_SCORE = 8

/** What is asked of one provider, and what cuts its models. */
export interface ProviderQuestion {
  readonly considered: ConsideredProvider
  readonly routing: Routing
  readonly survey: Survey
  readonly scope: RequestScope
  readonly knowledge: Knowledge
  /** Only this embedding space. */
  readonly spaceId: string | undefined
  /** Windows up to this many tokens are known to be too short. */
  readonly contextAbove: number
  readonly cutOff: CutOff
}

/** Asks one provider how it stands and which of its models fit. What does not fit is cut, with the reason. */
export async function candidatesOf(question: ProviderQuestion): Promise<readonly Candidate[]> {
  const { considered, routing, survey, scope, cutOff } = question
  const { provider } = considered
  try {
    if (cutOffline(question)) return []
    const readiness = await settle(survey.readiness(), scope)
    if (!readiness.ready) {
      const { reason, remedies } = readiness
      cutOff({ provider, code: 'no-candidate', reason, remedies })
      return []
    }
    const chosen = await choose(question)
    if ('none' in chosen) {
      const remedies = chosen.nearest.map((name) => `Did you mean ${name}?`)
      cutOff({ provider, code: chosen.code, reason: chosen.none, remedies })
      return []
    }
    const most = routing.policy.name === 'ordered' ? MODELS_IN_ORDER : MODELS_TO_SCORE
    const candidates = chosen.models.map((model, index): Candidate => ({
      provider,
      model: model.id,
      ...(model.card !== undefined && { card: model.card }),
      reasons: [
        ...considered.reasons,
        model.reason,
        ...(readiness.detail === undefined ? [] : [readiness.detail]),
      ],
      place: placeOfModel(considered.place, index),
      preferred: considered.preferred,
    }))
    const speaking = await thoseWhoSpeak(candidates, question)
    return speaking.filter((candidate) => mayServe(candidate, question)).slice(0, most)
  } catch (thrown) {
    // The request itself ended; that is not the provider's doing.
    if (scope.failure !== undefined) throw scope.failure
    const { code, message, hint, until } = toOpenMuxError(thrown, provider.id)
    cutOff({ provider, code, reason: message, remedies: [hint], until })
    return []
  }
}

/** Whether a candidate is inside every floor; notes why when it is not. */
export function mayServe(
  candidate: Candidate,
  question: Omit<ProviderQuestion, 'considered' | 'survey'>,
): boolean {
  const { provider, model, card } = candidate
  const { routing, spaceId, contextAbove, cutOff } = question
  const crossed = floorCrossed(routing.policy.floors, provider.locality, card)
  if (crossed !== undefined) {
    cutOff({ provider, model, code: 'no-candidate', reason: `${model} ${crossed}`, byFloor: candidate })
    return false
  }
  if (spaceId !== undefined) {
    const { space } = card ?? {}
    if (space === undefined || embeddingSpaceId(space) !== spaceId) {
      const why =
        space === undefined
          ? 'its embedding space is not known'
          : 'its vectors live in another embedding space'
      cutOff({ provider, code: 'no-candidate', reason: `${model}: ${why}` })
      return false
    }
  }
  const window = card?.contextTokens
  const misfit =
    window !== undefined && window <= contextAbove
      ? `its window of ${window} tokens is no larger than one that was too short`
      : contextMisfit(window, routing.contextNeed)
  if (misfit === undefined) return true
  cutOff({ provider, model, code: 'context-too-long', reason: `${model}: ${misfit}` })
  return false
}

/** Cuts those that do not speak the language of the request. Few models tell theirs: what it takes is loaded then. */
async function thoseWhoSpeak(
  candidates: readonly Candidate[],
  { routing, cutOff }: ProviderQuestion,
): Promise<readonly Candidate[]> {
  const { spoken } = routing
  if (spoken === undefined || !candidates.some(({ card }) => card?.languages !== undefined)) return candidates
  const { languageMisfit, languageNeed } = await import('../plan/languages.js')
  const need = languageNeed(spoken)
  return candidates.filter(({ provider, model, card }) => {
    const misfit = languageMisfit(card?.languages, need)
    if (misfit === undefined) return true
    cutOff({ provider, model, code: 'unsupported', reason: `${model} ${misfit}` })
    return false
  })
}

/** Without a network a remote back end is not even asked whether it is ready. */
function cutOffline({ considered: { provider }, knowledge, cutOff }: ProviderQuestion): boolean {
  if (provider.locality !== 'remote') return false
  const { online, reason, until } = knowledge.connectivity.report()
  if (online) return false
  cutOff({
    provider,
    code: 'network',
    reason: `offline: ${reason}`,
    remedies: ['Connect to a network.'],
    until,
  })
  return true
}

async function choose({ considered, routing, survey, scope }: ProviderQuestion): Promise<ModelsChosen> {
  const { need, onlyModel, onlyProvider, preferences } = routing
  if (onlyModel !== undefined) {
    const passOn = onlyProvider === considered.provider.id
    return chooseNamed(onlyModel, await settle(survey.cards(), scope), need, passOn)
  }
  // Named with its provider: that one may know how to get what it does not list.
  if (considered.preferredModel !== undefined)
    return chooseNamed(considered.preferredModel, await settle(survey.cards(), scope), need, true)
  const wishes = preferences.flatMap(({ provider, model }) =>
    provider === undefined && model !== undefined ? [model] : [],
  )
  const others = async (): Promise<ModelsChosen> => {
    const recommended = survey.recommended(need)
    return recommended === undefined
      ? chooseListed(await settle(survey.cards(), scope), need)
      : chooseRecommended(await settle(recommended, scope), need)
  }
  if (wishes.length === 0) return others()
  // A wish is no pin: what it does not find is not missed, and others stand behind what it does.
  return choosePreferred(wishes, await settle(survey.cards(), scope), need, await others())
}

/** The ids a ready provider has; none when it cannot be asked. */
export async function idsOf(survey: Survey, scope: RequestScope): Promise<readonly string[]> {
  const { ready } = await settle(survey.readiness(), scope)
  const cards = ready ? await settle(survey.cards(), scope).catch(() => []) : []
  return cards.map(({ id }) => id)
}

/** The value itself when it is known already; a promise is given up when the request ends. */
async function settle<T>(value: T | Promise<T>, scope: RequestScope): Promise<T> {
  return value instanceof Promise ? scope.race(value) : value
}
