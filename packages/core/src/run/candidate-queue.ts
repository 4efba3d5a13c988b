import type { CandidateRecord, DecisionRecord, Verdict } from '../contract/decision.js'
import type { Provider } from '../contract/provider.js'
import type { TaskChoice } from '../classify/task-choice.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import type { Standing } from '../ledger/standing.js'
import type { ConsideredProvider, ProviderOrder } from '../plan/order-providers.js'
import type { Routing } from '../plan/routing.js'
import { type Candidate, type CutOff, type CutRecord, recordOf } from './candidate.js'
import type { Knowledge } from './knowledge.js'
import { WORTH_WAITING_MS } from './next-step.js'
import { candidatesOf, mayServe, modelsWished } from './provider-candidates.js'
import type { RankContext } from './rank.js'
import type { RequestScope } from './request-scope.js'
import type { Survey } from './survey.js'
import { whenKnown } from './when-known.js'

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
  /** Models of last resort, by provider and model: a provider may stand in the order twice. */
  readonly #last = new Map<string, Candidate>()
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
  next(scope: RequestScope): Candidate | undefined | Promise<Candidate | undefined> {
    return whenKnown(this.hasNext(scope), () => {
      const candidate = this.#ready.shift()
      if (candidate !== undefined) this.#given.push({ candidate, verdict: 'planned' })
      return candidate
    })
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
  hasNext(scope: RequestScope): boolean | Promise<boolean> {
    for (;;) {
      this.#setAside(scope)
      if (this.#ready.length > 0) return true
      if (this.#waiting.length === 0 && this.#search === undefined) {
        if (this.#behind.length === 0) break
        this.#ready = this.#behind.splice(0)
        continue
      }
      // One search at a time: an attempt under way may ask while the next one is being looked for.
      this.#search ??= this.#findMore(scope)?.finally(() => {
        this.#search = undefined
      })
      if (this.#search !== undefined) return this.#search.then(() => this.hasNext(scope))
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

  /** The model of last resort, once nobody else is left. `errors`: how the others failed; not every failure is its turn. */
  async lastResort(scope: RequestScope, errors: readonly OpenMuxError[]): Promise<Candidate | undefined> {
    if (this.#last.size === 0 || (await this.hasNext(scope))) return undefined
    const { lastResortOf } = await import('./last-resort.js')
    const candidate = lastResortOf(this.#last, this.#question(scope), errors, this.cut, mayServe)
    if (candidate !== undefined) this.#given.push({ candidate, verdict: 'planned' })
    return candidate
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
    const last = Array.from(this.#last.values(), (candidate) => recordOf(candidate, 'not-tried'))
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
      candidates: [...given, ...left, ...waiting, ...aside, ...last, ...cut],
    }
  }

  /** Undefined: what there is was known already. */
  #findMore(scope: RequestScope): Promise<void> | undefined {
    const isPlain = !this.#scores && (this.#given.length > 0 || this.#routing.preferences.length === 0)
    return isPlain ? this.#findInOrder(scope) : this.#findAmongAll(scope)
  }

  async #findAmongAll(scope: RequestScope): Promise<void> {
    if (this.#scores) this.#ranked ??= (await import('./rank.js')).ranked
    if (this.#given.length === 0) await this.#liftPreferred(scope)
    return this.#scores ? this.#askAll(scope) : this.#findInOrder(scope)
  }

  #findInOrder(scope: RequestScope): Promise<void> | undefined {
    while (this.#ready.length === 0) {
      const considered = this.#waiting.shift()
      if (considered === undefined) return undefined
      const found = this.#ask(considered, scope)
      if (found instanceof Promise) {
        return found.then((candidates) => {
          this.#ready = [...candidates]
          return this.#findInOrder(scope)
        })
      }
      this.#ready = [...found]
    }
    return undefined
  }

  /** Where scores decide, everybody is asked, all at once. */
  async #askAll(scope: RequestScope): Promise<void> {
    const lists = await Promise.all(
      this.#waiting.splice(0).map(async (considered) => this.#ask(considered, scope)),
    )
    this.#ready.push(...this.#rank(lists.flat()))
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

  #ask(
    considered: ConsideredProvider,
    scope: RequestScope,
  ): readonly Candidate[] | Promise<readonly Candidate[]> {
    const survey = this.#surveyOf(considered)
    // A preference put it in front; it is not tried twice.
    return whenKnown(candidatesOf({ ...this.#question(scope), considered, survey }), (found) =>
      found.filter(
        ({ provider, model }) =>
          !this.#given.some(
            ({ candidate }) => candidate.provider.id === provider.id && candidate.model === model,
          ),
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
      keepForLast: this.#keepForLast,
    }
  }

  readonly #keepForLast = (candidate: Candidate): boolean => {
    // A model that the caller names is what the caller wants.
    if (candidate.card?.lastResort === undefined || this.#routing.onlyModel !== undefined) return false
    this.#last.set(`${candidate.provider.id} ${candidate.model}`, candidate)
    return true
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
      if (standing.usable || candidate.notBefore !== undefined || candidate.triedAnyway === true)
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
        ...(one === soon ? { notBefore: untilOf(one) } : { triedAnyway: true }),
      })
    }
  }

  /** A preference that names only a model puts whoever has it first. */
  async #liftPreferred(scope: RequestScope): Promise<void> {
    const wishes = modelsWished(this.#routing)
    if (wishes.length === 0 || this.#waiting.length < 2) return
    const { liftPreferred } = await import('./lift-preferred.js')
    const surveyOf = (considered: ConsideredProvider): Survey => this.#surveyOf(considered)
    this.#waiting = await liftPreferred(this.#waiting, wishes, surveyOf, scope)
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
    return scored.facts ?? {}
  }
}
