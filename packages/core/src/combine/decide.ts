import type { Message } from '../contract/message.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { CombineOptions } from './combine-options.js'
import type { CombinableAnswer, CombineStrategy, JudgeReport } from './combined.js'
import { buildJudgePrompt, readVerdict } from './judge.js'
import { type AttributedAnswer, mergeAnswers } from './merge.js'
import { normaliseAnswer } from './normalise.js'
import { abortError, callSafely } from './panel.js'
import { buildSummaryPrompt } from './summary.js'
import { vote, type VoteCount } from './vote.js'

/** A usable answer with its candidate. */
export interface UsableAnswer<A> {
  readonly index: number
  readonly answer: A
}

/** Asks the model that judges or summarises. */
export type AskJudge = (messages: readonly Message[], signal: AbortSignal) => Promise<CombinableAnswer>

/** What came of deciding. */
export interface Decision {
  readonly text: string
  readonly used: CombineStrategy
  readonly decidedBy: string
  readonly winner?: number
  readonly votes?: readonly VoteCount[]
  readonly judge?: JudgeReport
}

/** One answer out of usable ones (at least one, in the order of candidates; `fastest` came first). */
export async function decide<A extends CombinableAnswer>(
  options: CombineOptions<A>,
  answers: readonly UsableAnswer<A>[],
  fastest: UsableAnswer<A>,
  askJudge: AskJudge | undefined,
): Promise<Decision> {
  const take = ({ index, answer }: UsableAnswer<A>, used: CombineStrategy, decidedBy: string): Decision => ({
    text: answer.text,
    winner: index,
    used,
    decidedBy,
  })
  const [front = fastest] = answers
  const attributed = answers.map(({ index, answer }) => attribute(options, index, answer))
  switch (options.strategy) {
    case 'first':
      return take(fastest, 'first', 'the first usable answer')
    case 'merge':
      return merged(attributed, 'all answers, each part once')
    case 'vote':
      return voted(answers, take) ?? take(front, 'first', 'the only answer')
    case 'best': {
      if (distinct(answers) === 1) return take(front, 'first', only(answers.length))
      const asked = await judged(options, answers, askJudge)
      if (asked.winner === undefined) {
        return {
          ...take(front, 'first', `the first in order, because ${asked.why}`),
          ...withJudge(asked.judge),
        }
      }
      const decided = take(asked.winner, 'best', asked.why)
      return { ...decided, ...withJudge(asked.judge) }
    }
    case 'summary': {
      if (distinct(answers) === 1) return take(front, 'first', only(answers.length))
      const prompt = buildSummaryPrompt(options.question, attributed)
      const { answer, judge, why } = await askOnce(options, prompt, askJudge)
      if (answer !== undefined)
        return {
          text: answer.text,
          used: 'summary',
          decidedBy: 'a model wrote it out of all answers',
          ...withJudge(judge),
        }
      return { ...merged(attributed, `all answers put together, because ${why}`), ...withJudge(judge) }
    }
  }
}

function merged(answers: readonly AttributedAnswer[], decidedBy: string): Decision {
  return { text: mergeAnswers(answers).text, used: 'merge', decidedBy }
}

function voted<A extends CombinableAnswer>(
  answers: readonly UsableAnswer<A>[],
  take: (answer: UsableAnswer<A>, used: CombineStrategy, decidedBy: string) => Decision,
): Decision | undefined {
  const result = vote(answers.map(({ index, answer }) => ({ index, text: answer.text })))
  const winner = answers.find(({ index }) => index === result?.winner)
  if (result === undefined || winner === undefined) return undefined
  const votes = result.counts[0]?.members.length ?? 0
  const how = `${votes} of ${answers.length} votes`
  const decidedBy = result.tied ? `${how}, a tie decided by the order of candidates` : how
  return { ...take(winner, 'vote', decidedBy), votes: result.counts }
}

async function judged<A extends CombinableAnswer>(
  options: CombineOptions<A>,
  answers: readonly UsableAnswer<A>[],
  askJudge: AskJudge | undefined,
): Promise<{ readonly winner?: UsableAnswer<A>; readonly judge?: JudgeReport; readonly why: string }> {
  const texts = answers.map(({ index, answer }) => ({ index, text: answer.text }))
  const { messages, order } = buildJudgePrompt(options.question, texts, options.seed ?? 1)
  const { answer, judge, why } = await askOnce(options, messages, askJudge)
  if (answer === undefined || judge === undefined) return { why, ...withJudge(judge) }
  const verdict = readVerdict(answer.text, order)
  const { reason } = verdict
  const told = reason === undefined ? judge : { ...judge, reason }
  const winner = verdict.kind === 'best' ? answers.find(({ index }) => index === verdict.index) : undefined
  if (winner === undefined)
    return {
      why: `the judge did not decide: ${reason ?? 'no reason given'}`,
      judge: { ...told, outcome: 'abstained' },
    }
  return {
    winner,
    judge: told,
    why: reason === undefined ? 'the judge preferred it' : `the judge preferred it: ${reason}`,
  }
}

/** One call, and never an error but that the caller left. */
async function askOnce<A extends CombinableAnswer>(
  { clock, signal }: CombineOptions<A>,
  messages: readonly Message[],
  askJudge: AskJudge | undefined,
): Promise<{ readonly answer?: CombinableAnswer; readonly judge?: JudgeReport; readonly why: string }> {
  if (askJudge === undefined) return { why: 'there is no model to ask' }
  const startedAt = clock.now()
  try {
    const answer = await leaving(signal, (own) => callSafely(() => askJudge(messages, own)))
    const { provider, model, usage } = answer
    const judge: JudgeReport = {
      outcome: 'decided',
      durationMs: clock.now() - startedAt,
      ...(provider !== undefined && { provider }),
      ...(model !== undefined && { model }),
      ...(usage !== undefined && { usage }),
    }
    if (answer.text.trim() !== '') return { answer, judge, why: '' }
    return {
      judge: { ...judge, outcome: 'failed', reason: 'its answer is empty' },
      why: 'the model asked gave an empty answer',
    }
  } catch (thrown) {
    if (signal?.aborted === true) throw abortError(signal)
    const { code, message } = toOpenMuxError(thrown)
    return {
      judge: { outcome: 'failed', durationMs: clock.now() - startedAt, code, reason: message },
      why: `the model asked failed (${code})`,
    }
  }
}

/** Ends as soon as the caller leaves, also when the callee does not care about its signal. */
function leaving<T>(signal: AbortSignal | undefined, call: (own: AbortSignal) => Promise<T>): Promise<T> {
  if (signal === undefined) return call(new AbortController().signal)
  if (signal.aborted) return Promise.reject(abortError(signal))
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(abortError(signal))
    signal.addEventListener('abort', leave, { once: true })
    call(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', leave))
  })
}

function attribute<A extends CombinableAnswer>(
  { candidates }: CombineOptions<A>,
  index: number,
  answer: A,
): AttributedAnswer {
  const provider = answer.provider ?? candidates[index]?.provider ?? ''
  const model = answer.model ?? candidates[index]?.model ?? ''
  return { index, by: `${provider}/${model}`, text: answer.text }
}

function distinct<A extends CombinableAnswer>(answers: readonly UsableAnswer<A>[]): number {
  return new Set(answers.map(({ answer }) => normaliseAnswer(answer.text))).size
}

function only(answers: number): string {
  return answers === 1 ? 'the only usable answer' : 'all answers agree'
}

function withJudge(judge: JudgeReport | undefined): { readonly judge?: JudgeReport } {
  return judge === undefined ? {} : { judge }
}
