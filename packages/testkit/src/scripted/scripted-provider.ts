import {
  type CallContext,
  type Capabilities,
  type ChatEvent,
  type ChatRequest,
  type EmbedRequest,
  type EmbedResponse,
  type Lifecycle,
  type Locality,
  type ModelCard,
  OpenMuxError,
  type Provider,
  type Readiness,
} from '@openmux/core'
import { waitUnlessAborted } from './interrupt.js'
import { completeScript, type Script, type ScriptedError, scriptOfCall, type Scripts } from './script.js'
import { startWarnings, unsupportedOf } from './scripted-refusals.js'
import { scriptedSpace, scriptedVector } from './scripted-vectors.js'

/** What a scripted provider is and says. Everything has a default. */
export interface ScriptedOptions {
  /** Default: `scripted`. */
  readonly id?: string
  /** Default: the id. */
  readonly name?: string
  /** Default: `local`. */
  readonly locality?: Locality
  /** Default: active. */
  readonly lifecycle?: Lifecycle
  /** Default: streaming, seed. */
  readonly supports?: Partial<Capabilities>
  /** Default: one chat model, `scripted-chat`, and with `embeds` one embedding model, `scripted-embed`. */
  readonly models?: readonly ModelCard[]
  /** What chats do. Default: each says "ok". */
  readonly chats?: Scripts
  /** Whether it embeds too: vectors of 16 numbers that depend on nothing but the text. Default: no. */
  readonly embeds?: boolean
  /** Asked before every `models` and `embed`: the error it has to fail with, or nothing. */
  readonly failures?: (call: 'models' | 'embed', callsBefore: number) => ScriptedError | undefined
  /** Answer of `ready()`, or a function of it. Default: ready. */
  readonly readiness?: Readiness | (() => Readiness)
}

/** A provider that plays scripts, and remembers what it was asked. */
export interface ScriptedProvider extends Provider {
  chat(request: ChatRequest, context: CallContext): AsyncIterable<ChatEvent>
  /** Chats that were iterated, oldest first. */
  readonly chatRequests: readonly ChatRequest[]
  readonly embedRequests: readonly EmbedRequest[]
  /** Chats that run now. */
  running(): number
}

const NOTHING: Capabilities = {
  streaming: true,
  tools: false,
  json: false,
  jsonSchema: false,
  vision: false,
  reasoning: false,
  seed: true,
  prefill: false,
  logprobs: false,
}

/**
 * A provider in memory that does what a script says: pieces, waits by the call's clock, errors,
 * silence. It keeps the provider contract where the script does; made for tests of failover.
 */
export function scriptedProvider(options: ScriptedOptions = {}): ScriptedProvider {
  const id = options.id ?? 'scripted'
  const supports: Capabilities = { ...NOTHING, ...options.supports }
  const models = options.models ?? usualModels(options.embeds === true)
  const closing = new AbortController()
  const chatRequests: ChatRequest[] = []
  const embedRequests: EmbedRequest[] = []
  let running = 0
  let listings = 0

  const fail = (error: ScriptedError, model?: string): OpenMuxError => {
    const about = typeof error === 'string' ? { code: error } : error
    return new OpenMuxError({
      message: `The script of ${id} says: ${about.code}`,
      ...about,
      provider: id,
      model,
    })
  }
  const check = (model: string, context: CallContext): ModelCard => {
    if (closing.signal.aborted || context.signal.aborted) throw fail('aborted', model)
    const card = models.find((candidate) => candidate.id === model)
    if (card === undefined) {
      throw fail(
        {
          code: 'model-not-found',
          message: `${id} has no model "${model}"`,
          hint: `It has ${models.map((one) => one.id).join(', ')}.`,
        },
        model,
      )
    }
    return card
  }

  async function* play(script: Script, model: string, context: CallContext): AsyncGenerator<ChatEvent> {
    const signals = [context.signal, closing.signal]
    for (const step of script) {
      // A turn of the loop, so that an abort between two pieces is seen as with a real back end.
      if (signals.some((signal) => signal.aborted)) throw fail('aborted', model)
      if (typeof step === 'string') yield { type: 'text', text: step }
      else if ('type' in step) yield step
      else if ('fail' in step) throw fail(step.fail, model)
      else if ('end' in step) return
      else {
        const how = await waitUnlessAborted(signals, (done) =>
          'wait' in step ? context.clock.after(step.wait, done) : undefined,
        )
        if (how === 'aborted') throw fail('aborted', model)
      }
    }
  }

  async function* chat(request: ChatRequest, context: CallContext): AsyncGenerator<ChatEvent> {
    const card = check(request.model, context)
    const refusal = card.tasks.includes('chat')
      ? unsupportedOf(request, supports)
      : `${card.id} is an embedding model`
    if (refusal !== undefined) throw fail({ code: 'unsupported', message: refusal }, request.model)
    const script = scriptOfCall(options.chats, request, chatRequests.length)
    chatRequests.push(request)
    running += 1
    try {
      const start: ChatEvent = { type: 'start', model: card.id, warnings: startWarnings(request, supports) }
      yield* play(completeScript(script, start), request.model, context)
    } finally {
      running -= 1
    }
  }

  async function embed(request: EmbedRequest, context: CallContext): Promise<EmbedResponse> {
    const card = check(request.model, context)
    if (!card.tasks.includes('embeddings'))
      throw fail({ code: 'unsupported', message: `${card.id} is no embedding model` }, card.id)
    if (request.inputs.length === 0)
      throw fail({ code: 'bad-request', message: 'There is no text to embed.', field: 'inputs' }, card.id)
    if (request.dimensions !== undefined)
      throw fail({ code: 'unsupported', message: 'Vectors cannot be shortened.' }, card.id)
    const failure = options.failures?.('embed', embedRequests.length)
    embedRequests.push(request)
    if (failure !== undefined) throw fail(failure, card.id)
    return {
      vectors: request.inputs.map(scriptedVector),
      space: card.space ?? scriptedSpace(card.id),
      model: card.id,
    }
  }

  return {
    contract: 1,
    id,
    name: options.name ?? id,
    lifecycle: options.lifecycle ?? { stage: 'active', since: '2026-01-01' },
    locality: options.locality ?? 'local',
    tasks: options.embeds === true ? ['chat', 'embeddings'] : ['chat'],
    supports,
    hosts: options.locality === 'remote' ? [`${id}.invalid:443`] : [],
    chatRequests,
    embedRequests,
    running: () => running,
    async ready(context) {
      if (context.signal.aborted) throw fail('aborted')
      if (closing.signal.aborted)
        return { ready: false, reason: 'It was closed.', remedies: ['Make a new one.'] }
      const told = options.readiness ?? { ready: true }
      return typeof told === 'function' ? told() : told
    },
    async models(context) {
      if (context.signal.aborted || closing.signal.aborted) throw fail('aborted')
      const failure = options.failures?.('models', listings++)
      if (failure !== undefined) throw fail(failure)
      return models
    },
    chat,
    ...(options.embeds === true ? { embed } : {}),
    async close() {
      closing.abort()
    },
  }
}

function usualModels(embeds: boolean): readonly ModelCard[] {
  const chat: ModelCard = { id: 'scripted-chat', tasks: ['chat'], state: 'loaded', free: true }
  const id = 'scripted-embed'
  return embeds
    ? [chat, { id, tasks: ['embeddings'], state: 'loaded', free: true, space: scriptedSpace(id) }]
    : [chat]
}
