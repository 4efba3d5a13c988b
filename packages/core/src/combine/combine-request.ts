import type { Clock } from '../contract/clock.js'
import type { CandidateRecord, DecisionRecord } from '../contract/decision.js'
import type { Message } from '../contract/message.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import { checkChatInput } from '../orchestrator/check-input.js'
import { checkNumber, checkTexts, wrong } from '../orchestrator/input-faults.js'
import type { OpenMux } from '../orchestrator/openmux.js'
import type { ChatResult } from '../orchestrator/results.js'
import {
  type CombineCandidate,
  type CombineOptions,
  DEFAULT_MAX_CALLS,
  needsJudge,
} from './combine-options.js'
import type { CombineStrategy } from './combined.js'

/** What of an OpenMux is needed to put one request to several models. */
export type CombiningMux = Pick<OpenMux, 'chat' | 'stream' | 'explain'>

/** How one request is put to several models, and how their answers become one. Only `strategy` is needed. */
export interface CombineChatOptions extends Pick<
  CombineOptions<ChatResult>,
  | 'answers'
  | 'quorum'
  | 'exact'
  | 'maxCalls'
  | 'concurrency'
  | 'extra'
  | 'stopWhenDecided'
  | 'agree'
  | 'seed'
  | 'isUsable'
> {
  readonly strategy: CombineStrategy
  /**
   * Whom to ask, in this order, as `provider/model` or `model` in any spelling; naming one twice asks it twice.
   * Default: the candidates that `explain` plans for the request.
   */
  readonly models?: readonly string[]
  /**
   * Who judges (`best`) or writes (`summary`), as `provider/model`. Default: the first planned local model that need
   * not answer itself, else a local one that does, else the first planned one.
   */
  readonly judge?: string
  /** Longest one member may take, ms; 0: as long as the request. Default 0. */
  readonly memberMs?: number
  /** Default: the real clock. */
  readonly clock?: Clock
}

/** A request that is ready to be put to several models. */
export interface Panel {
  readonly input: ChatInput
  readonly question: readonly Message[]
  /** Best first; at most as many as may be called. */
  readonly candidates: readonly CombineCandidate[]
  /** As `provider/model`. */
  readonly judge?: string
  /** The plan they were taken from. */
  readonly decision: DecisionRecord
}

/**
 * Finds out whom to ask. Generates nothing. Errors: `bad-request` with the `field` that is wrong, and what `explain`
 * throws.
 */
export async function findPanel(
  openmux: CombiningMux,
  input: ChatInput,
  options: CombineChatOptions,
): Promise<Panel> {
  const question = checkChatInput(input)
  checkRequest(input, options)
  const { strategy, models, judge } = options
  const wanted = (options.answers ?? (strategy === 'first' ? 1 : 3)) + (options.extra ?? 0)
  const { found, decision } =
    models === undefined ? await plannedFor(openmux, input, wanted) : await namedFor(openmux, input, models)
  const candidates = found.slice(0, options.maxCalls ?? DEFAULT_MAX_CALLS)
  const judged =
    judge ?? (needsJudge(strategy) ? bestJudge(decision, candidates.slice(0, wanted)) : undefined)
  return { input, question, candidates, decision, ...(judged !== undefined && { judge: judged }) }
}

/** What stands for the provider of a model that nobody has. */
export const UNKNOWN_PROVIDER = 'unknown'

interface Found {
  readonly found: readonly CombineCandidate[]
  readonly decision: DecisionRecord
}

async function plannedFor(openmux: CombiningMux, input: ChatInput, wanted: number): Promise<Found> {
  const decision = await openmux.explain(input)
  const found = planned(decision)
  // In the caller's own order only two models of a provider are thought of: for a panel, more of them are.
  if (found.length >= wanted || input.policy !== undefined || decision.policy !== 'ordered')
    return { found, decision }
  const { weights, patienceMs, floors } = decision.rules
  const wider = await openmux.explain({ ...input, policy: { base: 'ordered', weights, patienceMs, floors } })
  const isNew = (candidate: CombineCandidate): boolean =>
    !found.some(({ provider, model }) => provider === candidate.provider && model === candidate.model)
  return {
    found: [...found, ...planned(wider).filter(isNew)],
    decision: { ...wider, policy: decision.policy },
  }
}

/** Each named one on its own, so that any spelling is understood and nobody else is asked how he stands. */
async function namedFor(openmux: CombiningMux, input: ChatInput, models: readonly string[]): Promise<Found> {
  const { prefer: _others, ...rest } = input
  const decisions = await Promise.all(models.map((model) => openmux.explain({ ...rest, model })))
  const chosen = decisions.map((decision, index) => {
    const record = decision.candidates.find(isPlanned)
    return {
      record,
      cut: decision.candidates.filter(({ verdict }) => verdict === 'cut'),
      name: models[index] ?? '',
    }
  })
  const [first] = decisions
  if (first === undefined) throw wrong({ field: 'models', expected: 'at least one model', got: models })
  return {
    // Who cannot be asked stays in the list: his member's report says why.
    found: chosen.map(({ record, name }) => record ?? unresolved(name)),
    decision: {
      ...first,
      candidates: [
        ...chosen.flatMap(({ record }) => record ?? []),
        ...chosen.flatMap(({ record, cut }) => (record === undefined ? cut : [])),
      ],
    },
  }
}

function unresolved(name: string): CombineCandidate {
  const slash = name.indexOf('/')
  return slash > 0
    ? { provider: name.slice(0, slash), model: name.slice(slash + 1) }
    : { provider: UNKNOWN_PROVIDER, model: name }
}

type Planned = CandidateRecord & CombineCandidate

function isPlanned(record: CandidateRecord): record is Planned {
  return record.verdict === 'planned' && record.model !== undefined
}

function planned(decision: DecisionRecord): readonly Planned[] {
  const all = decision.candidates.filter(isPlanned)
  const able = all.filter(({ lastResort }) => lastResort !== true)
  return able.length > 0 ? able : all
}

/** Local first: a judgement should cost nobody's quota. One that answered itself likes its own words best. */
function bestJudge(decision: DecisionRecord, members: readonly CombineCandidate[]): string | undefined {
  const all = planned(decision)
  const local = all.filter(({ locality }) => locality === 'local')
  const isMember = ({ provider, model }: Planned): boolean =>
    members.some((member) => member.provider === provider && member.model === model)
  const chosen = local.find((candidate) => !isMember(candidate)) ?? local[0] ?? all[0]
  return chosen && `${chosen.provider}/${chosen.model}`
}

function checkRequest(input: ChatInput, { strategy, models, judge, memberMs }: CombineChatOptions): void {
  checkTexts('models', models)
  if (judge !== undefined && (typeof judge !== 'string' || judge.trim() === ''))
    throw wrong({ field: 'judge', expected: 'a model, as provider/model', got: judge })
  checkNumber('memberMs', memberMs, (value) => value >= 0, 'a number of milliseconds, 0 for no limit')
  if (input.tools !== undefined && input.tools.length > 0 && strategy !== 'first')
    throw wrong({
      field: 'tools',
      expected: 'absent: only with `first` can tools be called',
      got: input.tools,
    })
  if (input.responseFormat !== undefined && input.responseFormat.type !== 'text' && strategy === 'merge')
    throw wrong({
      field: 'responseFormat',
      expected: 'text: JSON of several models cannot be merged',
      got: input.responseFormat,
    })
  if (input.history === 'summarise')
    throw wrong({
      field: 'history',
      expected: '`refuse` or `trim`: a summary would cost every member a call of its own',
      got: input.history,
    })
}
