import type {
  CallContext,
  ChatEvent,
  ChatRequest,
  EmbedRequest,
  EmbedResponse,
  OpenMuxError,
  Provider,
  Task,
} from '@openmux/core'
import { type Answer, summarize } from './answer.js'
import { answerFaults } from './answer-faults.js'
import { demandTypedError } from './error-faults.js'
import { deepFreeze } from './freeze.js'
import type { ContractOptions } from './options.js'
import { within } from './patience.js'
import type { ScenarioState } from './scenarios.js'
import { ContractViolation, demand, show } from './violation.js'
import { watchedContext, type WatchedContext } from './watched-context.js'

/** One test under way: a fresh provider and what is needed to use it. */
export interface Trial {
  readonly options: ContractOptions
  readonly provider: Provider
  readonly patienceMs: number
  readonly abortWithinMs: number
  /** A watched context, aborted when the test ends. */
  watch(): WatchedContext
  /** The usual chat request, frozen, with `changes`. */
  chatRequest(changes?: Partial<ChatRequest>): Promise<ChatRequest>
  embedRequest(changes?: Partial<EmbedRequest>): Promise<EmbedRequest>
  /** The provider's `chat`, which must be there. */
  chat(request: ChatRequest, context: CallContext): AsyncIterable<ChatEvent>
  /** A whole, well-formed answer. */
  ask(changes?: Partial<ChatRequest>, watched?: WatchedContext): Promise<Answer>
  embed(changes?: Partial<EmbedRequest>, watched?: WatchedContext): Promise<EmbedResponse>
  /** The typed error that `work` must fail with. */
  failure(what: string, work: PromiseLike<unknown>, model?: string): Promise<OpenMuxError>
  /** The typed error a chat must fail with, and the events before it. */
  failedChat(
    request: ChatRequest,
    watched?: WatchedContext,
  ): Promise<{ error: OpenMuxError; events: readonly ChatEvent[] }>
  /** Runs a scenario and remembers to undo it. */
  arrange(make: () => void | ScenarioState | Promise<void | ScenarioState>): Promise<ScenarioState>
  end(): Promise<void>
}

/** Begins a test with a fresh provider. */
export async function beginTrial(options: ContractOptions): Promise<Trial> {
  await options.reset?.()
  const provider = await options.create()
  const patienceMs = options.patienceMs ?? 4_000
  const abortWithinMs = options.abortWithinMs ?? 50
  const undo: (() => void | Promise<void>)[] = []
  const watches: WatchedContext[] = []

  const watch = (): WatchedContext => {
    const { signal: _ours, ...base } = options.context ?? {}
    const watched = watchedContext(base)
    watches.push(watched)
    return watched
  }
  const chat: Trial['chat'] = (request, context) => {
    demand(provider.chat !== undefined, 'the provider has no `chat`')
    return provider.chat(request, context)
  }
  const chatRequest: Trial['chatRequest'] = async (changes = {}) => {
    const model = changes.model ?? options.chatModel ?? (await firstModel('chat'))
    const usual = { messages: [{ role: 'user' as const, content: 'Say hello.' }], ...ownOptions(options) }
    return deepFreeze({ ...usual, ...changes, model })
  }
  const embedRequest: Trial['embedRequest'] = async (changes = {}) => {
    const model = changes.model ?? options.embedModel ?? (await firstModel('embeddings'))
    return deepFreeze({
      inputs: ['The sea is wide.', 'A cat sleeps.'],
      ...ownOptions(options),
      ...changes,
      model,
    })
  }
  const firstModel = async (task: Task): Promise<string> => {
    const cards = await within(patienceMs, 'models()', provider.models(watch().context))
    const card = cards.find((candidate) => candidate.tasks.includes(task))
    demand(
      card !== undefined,
      `models() lists no model for ${task}: name one as \`${task === 'chat' ? 'chatModel' : 'embedModel'}\``,
    )
    return card.id
  }
  const read = async (request: ChatRequest, watched: WatchedContext, events: ChatEvent[]): Promise<void> => {
    const reading = (async () => {
      for await (const event of chat(request, watched.context)) events.push(event)
    })()
    await within(patienceMs, () => `the end of the answer (last event: ${show(events.at(-1))})`, reading)
  }
  const failure: Trial['failure'] = async (what, work, model) => {
    let value: unknown
    try {
      value = await within(patienceMs, `the end of ${what}`, work)
    } catch (error) {
      if (error instanceof ContractViolation) throw error
      return demandTypedError(error, { provider: provider.id, model, secrets: options.secrets ?? [] })
    }
    throw new ContractViolation(`${what} must fail, but it gave ${show(value)}`)
  }

  return {
    options,
    provider,
    patienceMs,
    abortWithinMs,
    watch,
    chatRequest,
    embedRequest,
    chat,
    failure,
    async ask(changes, watched = watch()) {
      const request = await chatRequest(changes)
      const events: ChatEvent[] = []
      await read(request, watched, events)
      const [fault] = answerFaults(events)
      if (fault !== undefined) throw new ContractViolation(fault)
      return summarize(events)
    },
    async embed(changes, watched = watch()) {
      demand(provider.embed !== undefined, 'the provider has no `embed`')
      const request = await embedRequest(changes)
      return within(patienceMs, 'the end of embed()', provider.embed(request, watched.context))
    },
    async failedChat(request, watched = watch()) {
      const events: ChatEvent[] = []
      const work = read(request, watched, events).then(() => summarize(events))
      return { error: await failure('this chat', work, request.model), events }
    },
    async arrange(make) {
      const state = (await make()) ?? {}
      if (state.restore === undefined) return state
      let restored: Promise<void> | undefined
      const restore = (): Promise<void> => (restored ??= Promise.resolve(state.restore?.()))
      undo.unshift(restore)
      return { ...state, restore }
    },
    async end() {
      for (const watched of watches) watched.controller.abort()
      // How closing goes is the business of the group `close`; here it must only not hide a result.
      await within(patienceMs, 'close()', Promise.resolve(provider.close())).catch(() => undefined)
      for (const step of undo) await step()
    },
  }
}

function ownOptions(options: ContractOptions): Pick<ChatRequest, 'providerOptions'> {
  return options.providerOptions === undefined ? {} : { providerOptions: options.providerOptions }
}
