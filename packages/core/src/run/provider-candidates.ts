import { embeddingSpaceId } from '../contract/embedding-space.js'
import type { Readiness } from '../contract/readiness.js'
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
import type { SpokenRequest } from '../plan/languages.js'
import type { Routing } from '../plan/routing.js'
import type { Candidate, CutOff } from './candidate.js'
import type { Knowledge } from './knowledge.js'
import type { RequestScope } from './request-scope.js'
import type { Survey } from './survey.js'
import { whenKnown } from './when-known.js'

/** Models of one provider worth trying in one request: the best, and one more if that one fails. */
const MODELS_IN_ORDER = 2
/** Models of one provider worth scoring. */
const MODELS_TO_SCORE = 8

type Candidates = readonly Candidate[]

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
  /** Takes a model of last resort, whose turn comes after everybody else's; answers whether it is one. */
  readonly keepForLast: (candidate: Candidate) => boolean
}

/** Asks one provider how it stands and which of its models fit. What does not fit is cut, with the reason. */
export function candidatesOf(question: ProviderQuestion): Candidates | Promise<Candidates> {
  try {
    const found = foundOf(question)
    return found instanceof Promise ? found.catch((thrown: unknown) => failed(thrown, question)) : found
  } catch (thrown) {
    return failed(thrown, question)
  }
}

function foundOf(question: ProviderQuestion): Candidates | Promise<Candidates> {
  const { considered, survey, scope, cutOff } = question
  if (cutOffline(question)) return []
  return whenKnown(settle(survey.readiness(), scope), (readiness) => {
    if (readiness.ready)
      return whenKnown(choose(question), (chosen) => thoseThatFit(chosen, readiness, question))
    const { reason, remedies } = readiness
    cutOff({ provider: considered.provider, code: 'no-candidate', reason, remedies })
    return []
  })
}

function thoseThatFit(
  chosen: ModelsChosen,
  { detail, remedies: wayToMore = [] }: Extract<Readiness, { readonly ready: true }>,
  question: ProviderQuestion,
): Candidates | Promise<Candidates> {
  const { considered, routing, cutOff, keepForLast } = question
  const { provider } = considered
  if ('none' in chosen) {
    const remedies = [...chosen.nearest.map((name) => `Did you mean ${name}?`), ...wayToMore]
    cutOff({ provider, code: chosen.code, reason: chosen.none, remedies })
    return []
  }
  const most = routing.policy.name === 'ordered' ? MODELS_IN_ORDER : MODELS_TO_SCORE
  const found = chosen.models.map((model, index): Candidate => ({
    provider,
    model: model.id,
    ...(model.card !== undefined && { card: model.card }),
    reasons: [...considered.reasons, model.reason, ...(detail === undefined ? [] : [detail])],
    place: placeOfModel(considered.place, index),
    preferred: considered.preferred,
  }))
  const candidates = found.filter((candidate) => !keepForLast(candidate))
  // A last resort hides nothing that a person could do about having no more.
  if (candidates.length === 0 && wayToMore.length > 0)
    cutOff({ provider, code: 'no-candidate', reason: detail ?? '', remedies: wayToMore })
  return whenKnown(thoseWhoSpeak(candidates, question), (speaking) =>
    speaking.filter((candidate) => mayServe(candidate, question)).slice(0, most),
  )
}

function failed(thrown: unknown, { considered: { provider }, scope, cutOff }: ProviderQuestion): Candidates {
  // The request itself ended; that is not the provider's doing.
  if (scope.failure !== undefined) throw scope.failure
  const { code, message, hint, until } = toOpenMuxError(thrown, provider.id)
  cutOff({ provider, code, reason: message, remedies: [hint], until })
  return []
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
function thoseWhoSpeak(
  candidates: Candidates,
  { routing: { spoken }, cutOff }: ProviderQuestion,
): Candidates | Promise<Candidates> {
  const matters = spoken !== undefined && candidates.some(({ card }) => card?.languages !== undefined)
  return matters ? speakersAmong(candidates, spoken, cutOff) : candidates
}

async function speakersAmong(
  candidates: Candidates,
  spoken: SpokenRequest,
  cutOff: CutOff,
): Promise<Candidates> {
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

function choose({
  considered,
  routing,
  survey,
  scope,
}: ProviderQuestion): ModelsChosen | Promise<ModelsChosen> {
  const { need, onlyModel, onlyProvider } = routing
  if (onlyModel !== undefined) {
    const passOn = onlyProvider === considered.provider.id
    return whenKnown(settle(survey.cards(), scope), (cards) => chooseNamed(onlyModel, cards, need, passOn))
  }
  // Named with its provider: that one may know how to get what it does not list.
  const { preferredModel } = considered
  if (preferredModel !== undefined)
    return whenKnown(settle(survey.cards(), scope), (cards) => chooseNamed(preferredModel, cards, need, true))
  const wishes = modelsWished(routing)
  const others = (): ModelsChosen | Promise<ModelsChosen> => {
    const recommended = survey.recommended(need)
    return recommended === undefined
      ? whenKnown(settle(survey.cards(), scope), (cards) => chooseListed(cards, need))
      : whenKnown(settle(recommended, scope), (choices) => chooseRecommended(choices, need))
  }
  if (wishes.length === 0) return others()
  // A wish is no pin: what it does not find is not missed, and others stand behind what it does.
  return whenKnown(settle(survey.cards(), scope), (cards) =>
    whenKnown(others(), (rest) => choosePreferred(wishes, cards, need, rest)),
  )
}

/** The models that preferences name without a provider. */
export function modelsWished({ preferences }: Routing): readonly string[] {
  return preferences.flatMap(({ provider, model }) =>
    provider === undefined && model !== undefined ? [model] : [],
  )
}

/** The value itself when it is known already; a promise is given up when the request ends. */
export function settle<T>(value: T | Promise<T>, scope: RequestScope): T | Promise<T> {
  return value instanceof Promise ? scope.race(value) : value
}
