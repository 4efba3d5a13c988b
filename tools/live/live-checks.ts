import {
  type CallContext,
  isOpenMuxError,
  type ModelCard,
  OpenMuxError,
  type Provider,
  systemClock,
  type Task,
} from '@openmux/core'
import { type Judgement, judge, type TryOutcome } from './judge.ts'
import type { Environment, LiveService } from './services.ts'

/** A test as data: its title, why it does not run, and what it does. */
export interface LiveCheck {
  readonly title: string
  /** Why it does not run; also at the end of the title. */
  readonly skipped?: string
  run(): Promise<Judgement>
}

/** Tokens of a trial answer: some models think first. */
const TRIAL_TOKENS = 64
const TRIAL_MS = 90_000

/** The checks of one service; with their reason where a variable is missing or nobody asked for live tests. */
export function liveChecks(
  service: LiveService,
  environment: Environment,
  isAskedFor: boolean,
): readonly LiveCheck[] {
  const missing = service.variables.filter((name) => (environment[name] ?? '').trim() === '')
  const skipped =
    missing.length > 0
      ? `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set`
      : isAskedFor
        ? undefined
        : 'npm test asks nobody outside; npm run test:live does'
  const check = (title: string, run: () => Promise<Judgement>): LiveCheck =>
    skipped === undefined ? { title, run } : { title: `${title} (skipped: ${skipped})`, skipped, run }
  return [
    ...(service.lifecycle.stage === 'disabled'
      ? []
      : [check('lists models', () => tried(service, environment, listing))]),
    check('chats', () =>
      tried(service, environment, (provider, context) => chatting(provider, context, service.chatModel)),
    ),
    // Without a list of models there is nothing to choose from.
    ...(service.chatModel === undefined
      ? [check('embeds', () => tried(service, environment, embedding))]
      : []),
  ]
}

type Try = (provider: Provider, context: CallContext) => Promise<string | undefined>

/** Undefined from `work`: the back end does not do this, which is no failure of it. */
async function tried(service: LiveService, environment: Environment, work: Try): Promise<Judgement> {
  const provider = service.make(environment)
  try {
    const what = await work(provider, { signal: AbortSignal.timeout(TRIAL_MS), clock: systemClock })
    if (what === undefined) return { verdict: 'skip', because: `${provider.name} has no model for this` }
    return judge(service.lifecycle, { answered: true, what })
  } catch (error) {
    return judge(service.lifecycle, failureOf(error))
  } finally {
    await provider.close()
  }
}

function failureOf(error: unknown): TryOutcome {
  // Anything else is a fault of ours, not of the service.
  if (!isOpenMuxError(error)) throw error
  return { answered: false, code: error.code, message: `${error.message} ${error.hint}` }
}

async function listing(provider: Provider, context: CallContext): Promise<string> {
  const models = await provider.models(context)
  if (models.length === 0) throw broken(provider, 'it lists no model')
  return `${models.length} models`
}

async function chatting(
  provider: Provider,
  context: CallContext,
  named?: string,
): Promise<string | undefined> {
  if (provider.chat === undefined) return undefined
  const model = named ?? (await cheapest(provider, 'chat', context))
  if (model === undefined) return undefined
  const messages = [{ role: 'user' as const, content: 'Reply with the one word OK.' }]
  let pieces = 0
  let finish: string | undefined
  for await (const event of provider.chat({ model, messages, maxTokens: TRIAL_TOKENS }, context)) {
    if (event.type === 'text' || event.type === 'reasoning') pieces += 1
    if (event.type === 'finish') finish = event.reason
  }
  // A model that thinks unseen may use up its tokens on that.
  if (finish === undefined || (pieces === 0 && finish !== 'length'))
    throw broken(provider, `${model} gave no text and ended with ${finish ?? 'nothing'}`)
  return `${model} chats`
}

async function embedding(provider: Provider, context: CallContext): Promise<string | undefined> {
  if (provider.embed === undefined) return undefined
  const model = await cheapest(provider, 'embeddings', context)
  if (model === undefined) return undefined
  const { vectors, space } = await provider.embed({ model, inputs: ['the sea', 'a cat'] }, context)
  if (vectors.length !== 2) throw broken(provider, `${model} gave ${vectors.length} vectors for 2 texts`)
  return `${model} embeds, ${space.dimensions} dimensions`
}

/** Of the provider's own choices a free one, else the cheapest of those whose price is known, else the first. */
async function cheapest(provider: Provider, task: Task, context: CallContext): Promise<string | undefined> {
  if (!provider.tasks.includes(task)) return undefined
  const cards =
    provider.recommend === undefined
      ? (await provider.models(context)).filter((card) => card.tasks.includes(task))
      : (await provider.recommend({ task, capabilities: [] }, context)).map((choice) => choice.model)
  return cards.toSorted((one, other) => cost(one) - cost(other) || 0)[0]?.id
}

function cost({ free, price }: ModelCard): number {
  return free ? 0 : (price?.outputPerMillion ?? Number.MAX_VALUE)
}

function broken({ id }: Provider, message: string): OpenMuxError {
  return new OpenMuxError({ code: 'bad-response', provider: id, message })
}
