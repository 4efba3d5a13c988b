import type { CandidateRecord, DecisionRecord, Verdict } from '../contract/decision.js'
import type { Provider } from '../contract/provider.js'
import type { TaskChoice } from '../classify/task-choice.js'
import type { Standing } from '../ledger/standing.js'
import type { ConsideredProvider, ProviderOrder } from '../plan/order-providers.js'
import type { Routing } from '../plan/routing.js'
import { findModelId } from '../plan/spelling.js'
import { type Candidate, type CutOff, type CutRecord, recordOf, scoreRecord } from './candidate.js'
import type { Knowledge } from './knowledge.js'
import { WORTH_WAITING_MS } from './next-step.js'
import { candidatesOf, idsOf, mayServe } from './provider-candidates.js'
import type { RankContext } from './rank.js'
import type { RequestScope } from './request-scope.js'
import type { Survey } from './survey.js'

/** With so much time left, ms, nobody is too slow. */
const LONG_ENOUGH_MS = 60_000

/** A candidate that is not to be asked now. */
interface SetAside {
  readonly candidate: Candidate
  readonly standing: Standing & { readonly usable: false }
}

/**
 * Hands out candidates in order. In the caller's own order a provider is asked how it stands only when its turn
 * comes, so that a request served by the favourite waits for nobody else; where scores decide, all are asked at
 * once. Keeps the record of all of them.
 */
export class CandidateQueue {
  readonly task: TaskChoice
  readonly cut: CutRecord[]
  /** A remote candidate was cut because there is no network. */
  wasOffline = false
  readonly #routing: Routing
  readonly #surveys: ReadonlyMap<string, Survey>
  readonly #knowledge: Knowledge
  readonly #considered: readonly ConsideredProvider[]
  #waiting: ConsideredProvider[]
  #ready: Candidate[] = []
  #behind: Candidate[] = []
  #aside: SetAside[] = []
  readonly #given: { candidate: Candidate; verdict: Verdict; note?: string }[] = []
  #spaceId: string | undefined
  #contextAbove = 0
  #scores: boolean
  #ranked: typeof import('./rank.js').ranked | undefined
  #search: Promise<void> | undefined

  constructor(
    order: ProviderOrder,
    routing: Routing,
    task: TaskChoice,
    surveys: ReadonlyMap<string, Survey>,
    knowledge: Knowledge,
  ) {
    this.#routing = routing
    this.task = task
    this.#surveys = surveys
    this.#knowledge = knowledge
    this.#considered = order.considered
    this.#waiting = [...order.considered]
    this.#scores = routing.policy.name !== 'ordered'
    this.cut = order.cut.map(({ provider, ...cut }) => ({ provider: provider.id, verdict: 'cut', ...cut }))
  }

  /** The next candidate, or undefined when there is none. */
  async next(scope: RequestScope): Promise<Candidate | undefined> {
    if (!(await this.hasNext(scope))) return undefined
    const candidate = this.#ready.shift()
    if (candidate !== undefined) this.#given.push({ candidate, verdict: 'planned' })
    return candidate
  }

  /** From now on scores are given also where the caller's order decides: for an explanation. */
  scoreAll(): void {
    this.#scores = true
  }

  /** Asks everybody who is in question how they stand, all at once: one slow provider must not add to the next. */
  askAhead(): void {
    for (const considered of this.#waiting)
      void Promise.resolve(this.#surveyOf(considered).readiness()).catch(() => undefined)
  }

  /** Whether there is another candidate; asks providers for that until one is found. */
  async hasNext(scope: RequestScope): Promise<boolean> {
    for (;;) {
      this.#setAside(scope)
      if (this.#ready.length > 0) return true
      if (this.#waiting.length === 0 && this.#search === undefined) {
        if (this.#behind.length === 0) break
        this.#ready = this.#behind.splice(0)
        continue
      }
      // One search at a time: an attempt under way may ask while the next one is being looked for.
      this.#search ??= this.#findMore(scope).finally(() => {
        this.#search = undefined
      })
      await this.#search
    }
    this.#takeBack(scope)
    return this.#ready.length > 0
  }

  /** A candidate that may be asked beside another one, if one is known already or the next provider has one. */
  async nextRival(
    scope: RequestScope,
    fits: (candidate: Candidate) => boolean,
  ): Promise<Candidate | undefined> {
    if (!(await this.hasNext(scope))) return undefined
    const rival = this.#ready.find((candidate) => candidate.notBefore === undefined && fits(candidate))
    if (rival === undefined) return undefined
    this.#ready = this.#ready.filter((candidate) => candidate !== rival)
    // Until it is known what became of it: the favourite may be faster than it is sent.
    this.#given.push({ candidate: rival, verdict: 'not-tried' })
    return rival
  }

  /** What became of a candidate that was handed out. */
  mark(target: { readonly provider: string; readonly model: string }, verdict: Verdict, note?: string): void {
    const given = this.#given.findLast(
      ({ candidate }) => candidate.provider.id === target.provider && candidate.model === target.model,
    )
    if (given === undefined) return
    given.verdict = verdict
    if (note !== undefined) given.note = note
  }

  /** Leaves out what is left of a provider. */
  dropProvider(id: string): void {
    this.#ready = this.#ready.filter((candidate) => candidate.provider.id !== id)
    this.#behind = this.#behind.filter(({ provider }) => provider.id !== id)
    this.#aside = this.#aside.filter(({ candidate }) => candidate.provider.id !== id)
    this.#waiting = this.#waiting.filter(({ provider }) => provider.id !== id)
  }

  /** Takes back one that was handed out and not asked, behind everybody else. */
  putBehind(candidate: Candidate): void {
    const given = this.#given.findIndex((one) => one.candidate === candidate)
    if (given >= 0) this.#given.splice(given, 1)
    this.#behind.push(candidate)
  }

  /** Puts what is left of a provider behind everybody else. */
  demoteProvider(id: string): void {
    const isOf = ({ provider }: { readonly provider: Provider }): boolean => provider.id === id
    this.#behind.push(...this.#ready.filter(isOf))
    this.#ready = this.#ready.filter((candidate) => !isOf(candidate))
    this.#waiting = [...this.#waiting.filter((one) => !isOf(one)), ...this.#waiting.filter(isOf)]
  }

  /** The conversation was too long for this one: only larger or unknown windows are worth a try. */
  needMoreContextThan({ card }: Candidate, scope: RequestScope): void {
    this.#contextAbove = Math.max(this.#contextAbove, card?.contextTokens ?? 0)
    this.#sift(scope)
  }

  /** From now on only candidates of this embedding space. */
  keepToSpace(spaceId: string, scope?: RequestScope): void {
    this.#spaceId = spaceId
    if (scope !== undefined) this.#sift(scope)
  }

  decision(): DecisionRecord {
    const given = this.#given.map(({ candidate, verdict, note }) => recordOf(candidate, verdict, note))
    const left = [...this.#ready, ...this.#behind].map((candidate) => recordOf(candidate, 'not-tried'))
    const aside = this.#aside.map(({ candidate, standing }) =>
      recordOf(candidate, 'not-tried', standing.reason),
    )
    const waiting = this.#waiting.map(({ provider, reasons }): CandidateRecord => ({
      provider: provider.id,
      verdict: 'not-tried',
      reasons,
    }))
    const cut = this.cut.map(({ notAskedFor: _notAskedFor, ...record }) => record)
    const { task, reason } = this.task
    const { name, weights, patienceMs, floors } = this.#routing.policy
    return {
      task,
      taskReason: reason,
      policy: name,
      rules: { weights, patienceMs, floors },
      candidates: [...given, ...left, ...waiting, ...aside, ...cut],
    }
  }

  async #findMore(scope: RequestScope): Promise<void> {
    if (this.#scores) this.#ranked ??= (await import('./rank.js')).ranked
    if (this.#given.length === 0) await this.#liftPreferredModels(scope)
    if (this.#scores) return this.#askAll(scope)
    while (this.#ready.length === 0) {
      const considered = this.#waiting.shift()
      if (considered === undefined) return
      this.#ready = [...(await this.#ask(considered, scope))]
    }
  }

  /** Where scores decide, everybody is asked, all at once. */
  async #askAll(scope: RequestScope): Promise<void> {
    const lists = await Promise.all(this.#waiting.splice(0).map((considered) => this.#ask(considered, scope)))
    // A provider may stand in the order twice, once for a model that is preferred.
    const seen = new Set<string>()
    const all = lists.flat().filter(({ provider, model }) => {
      const name = `${provider.id} ${model}`
      return seen.has(name) ? false : seen.add(name)
    })
    this.#ready.push(...this.#rank(all))
  }

  /** Scoring is loaded by requests whose policy needs it. */
  #rank(candidates: readonly Candidate[]): readonly Candidate[] {
    return this.#ranked?.(candidates, this.#rankContext()) ?? candidates
  }

  #rankContext(): RankContext {
    return {
      task: this.task.task,
      policy: this.#routing.policy,
      knowledge: this.#knowledge,
      now: this.#knowledge.now(),
    }
  }

  async #ask(considered: ConsideredProvider, scope: RequestScope): Promise<readonly Candidate[]> {
    const survey = this.#surveyOf(considered)
    const found = await candidatesOf({ ...this.#question(scope), considered, survey })
    // A preference put it in front; it is not tried twice.
    return found.filter(
      ({ provider, model }) =>
        !this.#given.some(
          ({ candidate }) => candidate.provider.id === provider.id && candidate.model === model,
        ),
    )
  }

  #question(scope: RequestScope) {
    return {
      routing: this.#routing,
      scope,
      knowledge: this.#knowledge,
      spaceId: this.#spaceId,
      contextAbove: this.#contextAbove,
      cutOff: this.#cutOff,
    }
  }

  /** Cuts those that have been found already and no longer fit. */
  #sift(scope: RequestScope): void {
    const fits = (candidate: Candidate): boolean => mayServe(candidate, this.#question(scope))
    this.#ready = this.#ready.filter(fits)
    this.#behind = this.#behind.filter(fits)
  }

  /** Takes out who must not be asked now: a limit, a cooldown, an open circuit breaker. */
  #setAside(scope: RequestScope): void {
    if (this.#ready.length === 0) return
    const kept: Candidate[] = []
    for (const candidate of this.#ready) {
      const standing = this.#standingOf(candidate, scope)
      if (standing.usable || candidate.notBefore !== undefined || candidate.lastResort === true)
        kept.push(candidate)
      else this.#aside.push({ candidate, standing })
    }
    this.#ready = kept
  }

  /** Whoever would hardly begin before the deadline stands behind everybody else. */
  #standingOf({ provider, model }: Candidate, scope: RequestScope): Standing {
    const standing = this.#knowledge.standing(provider, model)
    if (!standing.usable || scope.deadline - scope.clock.now() > LONG_ENOUGH_MS) return standing
    const left = scope.deadline - scope.clock.now()
    const typical = this.#knowledge.typicalFirstTokenMs(provider, model)
    if (typical === undefined || typical <= left) return standing
    const reason = `usually needs ${Math.ceil(typical / 1_000)} s to begin, ${Math.floor(left / 1_000)} s are left`
    return { usable: false, why: 'limit', code: 'timeout', reason, lastResort: true }
  }

  /**
   * Nobody else is left. A limit that ends soon is waited for; a target that merely failed lately is tried all
   * the same, the one that rests longest already first; whoever is known to refuse is cut.
   */
  #takeBack(scope: RequestScope): void {
    const now = scope.clock.now()
    const untilOf = ({ standing }: SetAside): number =>
      typeof standing.until === 'number' ? standing.until : Number.POSITIVE_INFINITY
    const aside = this.#aside.splice(0).sort((a, b) => untilOf(a) - untilOf(b))
    const soon = aside.find((one) => untilOf(one) <= Math.min(now + WORTH_WAITING_MS, scope.deadline))
    const chosen = soon ?? aside.find(({ standing }) => standing.lastResort)
    for (const one of aside) {
      const { candidate, standing } = one
      if (one !== chosen) {
        if (standing.lastResort) this.#aside.push(one)
        else this.#cutOff({ provider: candidate.provider, model: candidate.model, ...standing })
        continue
      }
      const reasons = [`${standing.reason}; nobody else is left`, ...candidate.reasons]
      this.#ready.push({
        ...candidate,
        reasons,
        ...(one === soon ? { notBefore: untilOf(one) } : { lastResort: true }),
      })
    }
  }

  /** A preference that names only a model puts whoever has it first: for that everybody must be asked. */
  async #liftPreferredModels(scope: RequestScope): Promise<void> {
    if (this.#routing.preferences.length === 0) return
    const wishes = this.#routing.preferences.flatMap(({ provider, model }) =>
      provider === undefined && model !== undefined ? [model] : [],
    )
    if (wishes.length === 0 || this.#waiting.length < 2) return
    const lists = await Promise.all(
      this.#waiting.map(async (considered) => ({
        considered,
        ids: await idsOf(this.#surveyOf(considered), scope),
      })),
    )
    const rank = (ids: readonly string[]): number => {
      const place = wishes.findIndex((model) => findModelId(model, ids) !== undefined)
      return place === -1 ? wishes.length : place
    }
    this.#waiting = lists
      .sort((a, b) => rank(a.ids) - rank(b.ids))
      .map(({ considered, ids }, place) => ({
        ...considered,
        place,
        preferred: considered.preferred || rank(ids) < wishes.length,
      }))
  }

  #surveyOf({ provider }: ConsideredProvider): Survey {
    const survey = this.#surveys.get(provider.id)
    if (survey === undefined) throw new Error(`no survey of ${provider.id}`)
    return survey
  }

  readonly #cutOff: CutOff = ({ provider, model, code, reason, remedies = [], until, byFloor }) => {
    if (code === 'network') this.wasOffline = true
    // A provider may stand in the order twice; why it is out is told once.
    if (this.cut.some((record) => record.provider === provider.id && record.reasons.includes(reason))) return
    const cut: CutRecord = {
      provider: provider.id,
      ...(model !== undefined && { model }),
      verdict: 'cut',
      code,
      reasons: [reason],
      remedies,
      ...(until !== undefined && { until }),
      ...(byFloor !== undefined && { byFloor: true, ...this.#scored(byFloor) }),
    }
    // In the order of the providers, not of their answers: equal requests have equal records.
    const behind = this.cut.findIndex((record) => this.#placeOf(record.provider) > this.#placeOf(provider.id))
    this.cut.splice(behind === -1 ? this.cut.length : behind, 0, cut)
  }

  #placeOf(providerId: string): number {
    return this.#considered.findIndex(({ provider }) => provider.id === providerId)
  }

  /** Where scores decide, a candidate that a floor cut is scored too: another policy may not have cut it. */
  #scored(candidate: Candidate): Partial<CandidateRecord> {
    if (!this.#scores) return {}
    const [scored = candidate] = this.#rank([candidate])
    return scoreRecord(scored)
  }
}
