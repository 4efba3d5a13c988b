import type { CallContext } from '../contract/call-context.js'
import type { ModelCard } from '../contract/model-card.js'
import type { ProbeCheck } from '../contract/probe.js'
import type { Provider } from '../contract/provider.js'
import type { Task } from '../contract/task.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { ProbeFinding } from './finding.js'
import { notChecked, probeCheck, type ProbeQuestion } from './probe-check.js'

/** Most tokens of a trial answer: enough to see that one comes. */
const TRIAL_TOKENS = 8
/** Longest wait for one, ms: a model may have to be loaded. */
const TRIAL_MS = 120_000

/** What a trial needs of a provider. */
export type TriedProvider = Pick<Provider, 'tasks' | 'models' | 'recommend' | 'chat' | 'embed'>

/** Where and whether to try. */
export interface TrialTerms {
  /** Without it every trial is `not-checked`. */
  readonly spend: boolean
  /** Why nothing can be tried at all, for instance for want of a key. */
  readonly obstacle?: string | undefined
  /** Where chats and embeddings go, as `METHOD address`. */
  readonly endpoints: { readonly chat: string; readonly embeddings: string }
}

/**
 * The part of a probe that generates: one tiny answer for each task the provider declares, with the model it would
 * take itself, a free one first. A model that would have to be downloaded is not taken.
 */
export async function spendChecks(
  provider: TriedProvider,
  { spend, obstacle, endpoints }: TrialTerms,
  context: CallContext,
): Promise<readonly ProbeCheck[]> {
  const reason = obstacle ?? (spend ? undefined : 'this would generate: it needs the option spend')
  const checks: ProbeCheck[] = []
  // One after the other: side by side they would meet the limits of free tiers.
  for (const task of provider.tasks) {
    const endpoint = task === 'embeddings' ? endpoints.embeddings : endpoints.chat
    const question = { id: `spend.${task}`, endpoint, purpose: `a tiny answer for ${task}`, task }
    checks.push(
      reason === undefined ? await trial(provider, question, context) : notChecked(question, reason),
    )
  }
  return checks
}

async function trial(
  provider: TriedProvider,
  question: ProbeQuestion & { readonly task: Task },
  context: CallContext,
): Promise<ProbeCheck> {
  let spent = false
  const check = await probeCheck(question, context, async (call) => {
    const model = await modelFor(provider, question.task, call)
    if (model === undefined) {
      return { verdict: 'not-checked', evidence: 'no model that could be tried without a download' }
    }
    spent = true
    return withinLimit(call, (limited) =>
      question.task === 'embeddings' ? tryEmbed(provider, model, limited) : tryChat(provider, model, limited),
    )
  })
  return { ...check, spent }
}

async function modelFor(
  provider: TriedProvider,
  task: Task,
  context: CallContext,
): Promise<ModelCard | undefined> {
  const cards =
    provider.recommend === undefined
      ? (await provider.models(context)).filter((card) => card.tasks.includes(task))
      : (await provider.recommend({ task, capabilities: [] }, context)).map(({ model }) => model)
  const there = cards.filter(({ state }) => state !== 'downloadable')
  return there.find(({ free }) => free) ?? there[0]
}

async function tryChat(
  { chat }: TriedProvider,
  { id }: ModelCard,
  context: CallContext,
): Promise<ProbeFinding> {
  if (chat === undefined) return { verdict: 'not-checked', evidence: 'the provider has no chat' }
  let text = ''
  const request = {
    model: id,
    messages: [{ role: 'user', content: 'Say OK.' }],
    maxTokens: TRIAL_TOKENS,
  } as const
  for await (const event of chat(request, context)) {
    if (event.type === 'text') text += event.text
    if (event.type === 'finish') {
      const said = text === '' ? 'without text so far' : JSON.stringify(text.slice(0, 60))
      return { verdict: 'as-expected', evidence: `${id} answered ${said}, finish reason ${event.reason}` }
    }
  }
  return { verdict: 'changed-shape', evidence: `the answer of ${id} ended without a finish reason` }
}

async function tryEmbed(
  { embed }: TriedProvider,
  { id }: ModelCard,
  context: CallContext,
): Promise<ProbeFinding> {
  if (embed === undefined) return { verdict: 'not-checked', evidence: 'the provider makes no embeddings' }
  const { vectors, space } = await embed({ model: id, inputs: ['OK'] }, context)
  const length = vectors[0]?.length ?? 0
  return length === space.dimensions && vectors.length === 1
    ? { verdict: 'as-expected', evidence: `${id} answered one vector of ${length} numbers` }
    : {
        verdict: 'changed-shape',
        evidence: `${id} answered ${vectors.length} vectors of ${length} numbers where one of ${space.dimensions} was expected`,
      }
}

/** A trial that takes too long is a finding; a caller who leaves is not. */
async function withinLimit<T>(context: CallContext, work: (context: CallContext) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const leave = (): void => controller.abort(context.signal.reason)
  if (context.signal.aborted) leave()
  context.signal.addEventListener('abort', leave, { once: true })
  const cancel = context.clock.after(TRIAL_MS, () => controller.abort())
  try {
    return await work({ ...context, signal: controller.signal })
  } catch (error) {
    if (!controller.signal.aborted || context.signal.aborted) throw error
    throw new OpenMuxError({ code: 'timeout', message: `No answer within ${TRIAL_MS / 1_000} s.` })
  } finally {
    cancel()
    context.signal.removeEventListener('abort', leave)
  }
}
