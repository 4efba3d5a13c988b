import type { CandidateRecord, DecisionRecord, Verdict } from '../contract/decision.js'
import { embeddingSpaceId } from '../contract/embedding-space.js'
import type { ModelCard } from '../contract/model-card.js'
import type { Provider } from '../contract/provider.js'
import type { TaskChoice } from '../classify/task-of-input.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import {
  chooseListed,
  chooseNamed,
  choosePreferred,
  chooseRecommended,
  type ModelsChosen,
} from '../plan/choose-models.js'
import type { ConsideredProvider, ProviderOrder } from '../plan/order-providers.js'
import type { Routing } from '../plan/routing.js'
import { findModelId } from '../plan/spelling.js'
import type { RequestScope } from './request-scope.js'
import type { Survey } from './survey.js'

/** Models of one provider worth trying in one request: the best, and one more if that one fails. */
const MODELS_PER_PROVIDER = 2

/** One (provider, model) to be tried. */
export interface Candidate {
  readonly provider: Provider
  readonly model: string
  readonly card?: ModelCard
  readonly reasons: readonly string[]
}

/** A candidate that was cut, as `no-candidate` and the decision record need it. */
export interface CutRecord extends CandidateRecord {
  readonly code: ErrorCode
  /** The request itself names another provider. */
  readonly notAskedFor?: true
}

/**
 * Hands out candidates in order and asks a provider how it stands only when its turn comes, so
 * that a request served by the favourite waits for nobody else. Keeps the record of all of them.
 */
export class CandidateQueue {
  readonly cut: CutRecord[]
  readonly #routing: Routing
  readonly #task: TaskChoice
  readonly #surveys: ReadonlyMap<string, Survey>
  #waiting: ConsideredProvider[]
  #ready: Candidate[] = []
  readonly #given: { candidate: Candidate; verdict: Verdict; note?: string }[] = []
  #spaceId: string | undefined
  #search: Promise<void> | undefined

  constructor(
    order: ProviderOrder,
    routing: Routing,
    task: TaskChoice,
    surveys: ReadonlyMap<string, Survey>,
  ) {
    this.#routing = routing
    this.#task = task
    this.#surveys = surveys
    this.#waiting = [...order.considered]
    this.cut = order.cut.map(({ provider, reasons, remedies, code, notAskedFor }) => ({
      ...(notAskedFor && { notAskedFor }),
      provider: provider.id,
      verdict: 'cut',
      reasons,
      remedies,
      code,
    }))
  }

  /** The next candidate, or undefined when there is none. */
  async next(scope: RequestScope): Promise<Candidate | undefined> {
    if (!(await this.hasNext(scope))) return undefined
    const candidate = this.#ready.shift()
    if (candidate !== undefined) this.#given.push({ candidate, verdict: 'planned' })
    return candidate
  }

  /** Whether there is another candidate; asks providers for that, one after the other, until one is found. */
  async hasNext(scope: RequestScope): Promise<boolean> {
    if (this.#ready.length === 0) {
      // One search at a time: an attempt under way may ask while the next one is being looked for.
      this.#search ??= this.#findMore(scope).finally(() => {
        this.#search = undefined
      })
      await this.#search
    }
    return this.#ready.length > 0
  }

  async #findMore(scope: RequestScope): Promise<void> {
    if (this.#given.length === 0) await this.#liftPreferredModels(scope)
    while (this.#ready.length === 0) {
      const considered = this.#waiting.shift()
      if (considered === undefined) return
      this.#ready = [...(await this.#candidatesOf(considered, scope))]
    }
  }

  /** What became of the candidate handed out last. */
  mark(verdict: Verdict, note?: string): void {
    const last = this.#given.at(-1)
    if (last === undefined) return
    last.verdict = verdict
    if (note !== undefined) last.note = note
  }

  /** Leaves out what is left of a provider. */
  dropProvider(id: string): void {
    this.#ready = this.#ready.filter((candidate) => candidate.provider.id !== id)
    this.#waiting = this.#waiting.filter(({ provider }) => provider.id !== id)
  }

  /** From now on only candidates of this embedding space. */
  keepToSpace(spaceId: string): void {
    this.#spaceId = spaceId
    this.#ready = this.#ready.filter((candidate) => this.#fitsSpace(candidate))
  }

  decision(): DecisionRecord {
    const given = this.#given.map(({ candidate, verdict, note }) => recordOf(candidate, verdict, note))
    const left = this.#ready.map((candidate) => recordOf(candidate, 'not-tried'))
    const waiting = this.#waiting.map(({ provider, reasons }): CandidateRecord => ({
      provider: provider.id,
      verdict: 'not-tried',
      reasons,
    }))
    const cut = this.cut.map(({ code: _code, notAskedFor: _notAskedFor, ...record }) => record)
    return {
      task: this.#task.task,
      taskReason: this.#task.reason,
      candidates: [...given, ...left, ...waiting, ...cut],
    }
  }

  async #candidatesOf(considered: ConsideredProvider, scope: RequestScope): Promise<readonly Candidate[]> {
    const { provider } = considered
    const survey = this.#surveyOf(provider)
    try {
      const readiness = await settle(survey.readiness(), scope)
      if (!readiness.ready) {
        this.#cutOff(provider, 'no-candidate', readiness.reason, readiness.remedies)
        return []
      }
      const chosen = await this.#choose(considered, survey, scope)
      if ('none' in chosen) {
        const remedies = chosen.nearest.map((name) => `Did you mean ${name}?`)
        this.#cutOff(provider, chosen.code, chosen.none, remedies)
        return []
      }
      const candidates = chosen.models.slice(0, MODELS_PER_PROVIDER).map((model): Candidate => ({
        provider,
        model: model.id,
        ...(model.card !== undefined && { card: model.card }),
        reasons: [
          ...considered.reasons,
          model.reason,
          ...(readiness.detail === undefined ? [] : [readiness.detail]),
        ],
      }))
      return candidates.filter((candidate) => !this.#wasGiven(candidate) && this.#fitsSpace(candidate))
    } catch (thrown) {
      // The request itself ended; that is not the provider's doing.
      if (scope.failure !== undefined) throw scope.failure
      const error = toOpenMuxError(thrown, provider.id)
      this.#cutOff(provider, error.code, error.message, [error.hint])
      return []
    }
  }

  async #choose(considered: ConsideredProvider, survey: Survey, scope: RequestScope): Promise<ModelsChosen> {
    const { need, onlyModel, onlyProvider, preferences } = this.#routing
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

  /** A preference that names only a model puts whoever has it first: for that everybody must be asked. */
  async #liftPreferredModels(scope: RequestScope): Promise<void> {
    const wishes = this.#routing.preferences.filter(
      ({ provider, model }) => provider === undefined && model !== undefined,
    )
    if (wishes.length === 0 || this.#waiting.length < 2) return
    const lists = await Promise.all(
      this.#waiting.map(async (considered) => {
        const survey = this.#surveyOf(considered.provider)
        const { ready } = await settle(survey.readiness(), scope)
        const cards = ready ? await settle(survey.cards(), scope).catch(() => []) : []
        return { considered, ids: cards.map((card) => card.id) }
      }),
    )
    const rank = (ids: readonly string[]): number => {
      const place = wishes.findIndex(
        ({ model }) => model !== undefined && findModelId(model, ids) !== undefined,
      )
      return place === -1 ? wishes.length : place
    }
    this.#waiting = lists.sort((a, b) => rank(a.ids) - rank(b.ids)).map(({ considered }) => considered)
  }

  #surveyOf(provider: Provider): Survey {
    const survey = this.#surveys.get(provider.id)
    if (survey === undefined) throw new Error(`no survey of ${provider.id}`)
    return survey
  }

  /** A preference put it in front; it is not tried twice. */
  #wasGiven({ provider, model }: Candidate): boolean {
    return this.#given.some(
      ({ candidate }) => candidate.provider.id === provider.id && candidate.model === model,
    )
  }

  #fitsSpace(candidate: Candidate): boolean {
    if (this.#spaceId === undefined) return true
    const { space } = candidate.card ?? {}
    if (space !== undefined && embeddingSpaceId(space) === this.#spaceId) return true
    const why =
      space === undefined ? 'its embedding space is not known' : 'its vectors live in another embedding space'
    this.#cutOff(candidate.provider, 'no-candidate', `${candidate.model}: ${why}`, [])
    return false
  }

  #cutOff(provider: Provider, code: ErrorCode, reason: string, remedies: readonly string[]): void {
    // A provider may stand in the order twice; why it is out is told once.
    if (this.cut.some((record) => record.provider === provider.id && record.reasons.includes(reason))) return
    this.cut.push({ provider: provider.id, verdict: 'cut', reasons: [reason], remedies, code })
  }
}

function recordOf(candidate: Candidate, verdict: Verdict, note?: string): CandidateRecord {
  const reasons = note === undefined ? candidate.reasons : [note, ...candidate.reasons]
  return { provider: candidate.provider.id, model: candidate.model, verdict, reasons }
}

/** The value itself when it is known already; a promise is given up when the request ends. */
async function settle<T>(value: T | Promise<T>, scope: RequestScope): Promise<T> {
  return value instanceof Promise ? scope.race(value) : value
}
