import type { Attempt } from '../contract/attempt.js'
import { type Clock, systemClock } from '../contract/clock.js'
import type { DecisionRecord, Verdict } from '../contract/decision.js'
import type { Warning } from '../contract/warning.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { attach } from '../errors/attach.js'
import { isOpenMuxError } from '../errors/openmux-error.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import type { ChatResult } from '../orchestrator/results.js'
import { DEFAULT_TOTAL_MS } from '../run/limits.js'
import { RequestScope } from '../run/request-scope.js'
import { CallLog, judgeInput, memberFailure, memberInput } from './ask-member.js'
import { combineAnswers } from './combine-answers.js'
import type { CombineCandidate, CombineOptions } from './combine-options.js'
import { type CombineChatOptions, type CombiningMux, findPanel, type Panel } from './combine-request.js'
import type { CombinedAnswer, MemberReport } from './combined.js'
import type { AskJudge } from './decide.js'
import type { Ask } from './panel.js'

/** One answer out of those of several models, and the story of each. */
export interface CombinedResult extends CombinedAnswer<ChatResult> {
  /** Whose words the text is; absent when it was put together out of several. */
  readonly provider?: string
  readonly model?: string
  /** A model that declares itself a last resort answered: what it is. Only when nobody else was there to be asked. */
  readonly lastResort?: string
  /** Every call, in the order they began. */
  readonly attempts: readonly Attempt[]
  /** The plan the members were taken from, with what became of each. */
  readonly decision: DecisionRecord
  /** Of all answers that were used. */
  readonly warnings: readonly Warning[]
  /** From the call to the answer, ms. */
  readonly durationMs: number
}

/** What happens to a member while the panel is at work. */
export interface MemberEvent {
  readonly type: 'member'
  /** Its place among the candidates. */
  readonly index: number
  readonly provider: string
  readonly model: string
  readonly state: 'asked' | 'answered' | 'failed'
  /** From the question on, ms. */
  readonly durationMs?: number
  readonly code?: ErrorCode
  /** For people: why it failed. */
  readonly why?: string
}

/** A combined request on its way, for whoever calls the models. */
export interface RunningPanel {
  readonly openmux: CombiningMux
  readonly options: CombineChatOptions
  readonly panel: Panel
  readonly log: CallLog
  readonly scope: RequestScope
  readonly clock: Clock
  inputOf(candidate: CombineCandidate, signal: AbortSignal): ChatInput
}

/** Other ways to call the models than one whole answer after the other, and who is told meanwhile. */
export interface PanelCalls {
  /** Calls one member. */
  readonly ask?: (running: RunningPanel, index: number, signal: AbortSignal) => Promise<ChatResult>
  /** Calls the model that writes a summary. */
  readonly write?: (running: RunningPanel, input: ChatInput, judge: CombineCandidate) => Promise<ChatResult>
  readonly tell?: (event: MemberEvent) => void
}

/**
 * Puts one request to several models and makes one answer of theirs. Each member is pinned and asked once, so
 * `maxCalls` (default 8, the judge included) is the most that is spent; the floors of the input hold for every member,
 * for the judge and for the writer; `timeouts.totalMs` is the deadline of all of it together.
 *
 * Errors: `bad-request` (with `field`), `no-candidate` (fewer candidates than the quorum, before anybody is asked),
 * `all-failed` as a `CombineFailure` with every member's report, `timeout`, `aborted`. A judge or writer that fails is
 * no error: `used` and `decidedBy` say what was done instead.
 *
 * @example
 * const { text, members } = await combine(openmux, 'Is 7919 a prime? Yes or no.', { strategy: 'vote', answers: 3 })
 */
export async function combine(
  openmux: CombiningMux,
  input: string | ChatInput,
  options: CombineChatOptions,
): Promise<CombinedResult> {
  return runPanel(openmux, typeof input === 'string' ? { prompt: input } : input, options, {})
}

/** {@link combine}, with the models called as `calls` says. */
export async function runPanel(
  openmux: CombiningMux,
  input: ChatInput,
  options: CombineChatOptions,
  calls: PanelCalls,
): Promise<CombinedResult> {
  const clock = options.clock ?? systemClock
  const totalMs = input.timeouts?.totalMs ?? DEFAULT_TOTAL_MS
  const scope = new RequestScope(clock, totalMs, input.signal)
  const log = new CallLog(clock)
  let panel: Panel | undefined
  try {
    panel = await findPanel(openmux, { ...input, signal: scope.signal }, options)
    const running = runningPanel(openmux, options, panel, log, scope)
    const combined = await combineAnswers(
      combineOptions(running),
      askMember(running, calls),
      askWriter(running, calls),
    )
    return resultOf(running, combined)
  } catch (thrown) {
    const failure = scope.failure ?? thrown
    if (!isOpenMuxError(failure)) throw failure
    throw attach(failure, { attempts: log.end(), ...(panel !== undefined && { decision: panel.decision }) })
  } finally {
    scope.end()
  }
}

function runningPanel(
  openmux: CombiningMux,
  options: CombineChatOptions,
  panel: Panel,
  log: CallLog,
  scope: RequestScope,
): RunningPanel {
  const { memberMs = 0 } = options
  return {
    openmux,
    options,
    panel,
    log,
    scope,
    clock: scope.clock,
    inputOf: (candidate, signal) => memberInput(panel, candidate, signal, memberMs),
  }
}

function combineOptions({ options, panel, scope }: RunningPanel): CombineOptions<ChatResult> {
  const { models: _models, judge: _judge, memberMs: _memberMs, clock: _clock, ...plain } = options
  const { candidates, question } = panel
  return {
    // A call of a tool is an answer, too; only `first` allows tools.
    isUsable: ({ text, toolCalls }) => text.trim() !== '' || toolCalls.length > 0,
    ...plain,
    candidates,
    question,
    clock: scope.clock,
    signal: scope.signal,
  }
}

function askMember(running: RunningPanel, { ask, tell }: PanelCalls): Ask<ChatResult> {
  const { openmux, panel, log, clock, inputOf } = running
  const whole = (index: number, signal: AbortSignal): Promise<ChatResult> =>
    openmux.chat(inputOf(candidateAt(panel, index), signal))
  return async (index, signal) => {
    const candidate = candidateAt(panel, index)
    const startedAt = clock.now()
    const { provider, model } = candidate
    const say = (more: Pick<MemberEvent, 'state'> & Partial<MemberEvent>): void =>
      tell?.({ type: 'member', index, provider, model, ...more })
    say({ state: 'asked' })
    try {
      const result = await log.of(candidate, () => (ask ? ask(running, index, signal) : whole(index, signal)))
      say({ state: 'answered', durationMs: clock.now() - startedAt })
      return result
    } catch (thrown) {
      const failure = memberFailure(thrown)
      if (!signal.aborted && isOpenMuxError(failure))
        say({
          state: 'failed',
          durationMs: clock.now() - startedAt,
          code: failure.code,
          why: failure.message,
        })
      throw failure
    }
  }
}

/** The candidate at a place. */
export function candidateAt({ candidates }: Panel, index: number): CombineCandidate {
  const candidate = candidates[index]
  if (candidate === undefined) throw new RangeError(`There is no candidate ${index}.`)
  return candidate
}

function askWriter(running: RunningPanel, { write }: PanelCalls): AskJudge | undefined {
  const { openmux, options, panel, log } = running
  const { judge } = panel
  if (judge === undefined) return undefined
  const slash = judge.indexOf('/')
  const target = { provider: judge.slice(0, Math.max(0, slash)), model: judge.slice(slash + 1) }
  const writes = options.strategy === 'summary'
  return (messages, signal) => {
    const input = judgeInput(panel, judge, messages, signal, writes)
    return log.of(target, () =>
      writes && write !== undefined ? write(running, input, target) : openmux.chat(input),
    )
  }
}

function resultOf(
  { panel, log, scope, clock }: RunningPanel,
  combined: CombinedAnswer<ChatResult>,
): CombinedResult {
  const { answers, winner, used, judge, members } = combined
  const won = answers.find(({ index }) => index === winner)?.answer
  const author = won ?? (used === 'summary' ? judge : answers.length === 1 ? answers[0]?.answer : undefined)
  const lastResort = answers.find(({ answer }) => answer.lastResort !== undefined)?.answer.lastResort
  const warnings = new Map(
    (won === undefined ? answers.map(({ answer }) => answer) : [won])
      .flatMap((answer) => answer.warnings)
      .map((warning) => [warning.message, warning]),
  )
  return {
    ...combined,
    ...(author?.provider !== undefined && { provider: author.provider }),
    ...(author?.model !== undefined && { model: author.model }),
    ...(lastResort !== undefined && { lastResort }),
    attempts: log.end(),
    decision: decisionOf(panel, members),
    warnings: [...warnings.values()],
    durationMs: clock.now() - scope.startedAt,
  }
}

const VERDICTS: Readonly<Record<MemberReport['outcome'], Verdict>> = {
  won: 'answered',
  used: 'answered',
  unusable: 'failed',
  failed: 'failed',
  cancelled: 'not-tried',
  'not-asked': 'not-tried',
}

function decisionOf({ decision, candidates }: Panel, members: readonly MemberReport[]): DecisionRecord {
  return {
    ...decision,
    candidates: decision.candidates.map((record) => {
      if (record.verdict !== 'planned') return record
      const index = candidates.findIndex(
        ({ provider, model }) => provider === record.provider && model === record.model,
      )
      const member = members[index]
      return { ...record, verdict: member === undefined ? 'not-tried' : VERDICTS[member.outcome] }
    }),
  }
}
