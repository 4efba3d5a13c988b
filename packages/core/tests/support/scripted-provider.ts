import type {
  CallContext,
  Capabilities,
  ChatEvent,
  ChatRequest,
  EmbedRequest,
  EmbedResponse,
  ModelCard,
  Provider,
  Readiness,
} from '../../src/index.js'

/** One step of an answer: an event, an error to throw, or a function to wait for. */
export type Step = ChatEvent | Error | ((context: CallContext) => Promise<void> | void)

/** A provider that plays what it is given and keeps what it was asked. */
export interface ScriptedProvider extends Provider {
  readonly asked: ChatRequest[]
  readonly embedded: EmbedRequest[]
  readonly contexts: CallContext[]
  /** Answers of which the caller let go or that ended. */
  readonly released: { count: number }
  closed: boolean
}

export const ALL_CAPABILITIES: Capabilities = {
  streaming: true,
  tools: true,
  json: true,
  jsonSchema: true,
  vision: true,
  reasoning: true,
  seed: true,
  prefill: false,
  logprobs: false,
}

export const START: ChatEvent = { type: 'start', model: 'model-1', warnings: [] }
export const STOP: ChatEvent = {
  type: 'finish',
  reason: 'stop',
  rawReason: 'stop',
  usage: { inputTokens: 3, outputTokens: 2 },
}

export function text(value: string): ChatEvent {
  return { type: 'text', text: value }
}

/** A whole answer of these pieces. */
export function answer(...pieces: string[]): Step[] {
  return [START, ...pieces.map(text), STOP]
}

export interface Script extends Partial<Omit<Provider, 'chat' | 'embed' | 'models' | 'ready'>> {
  /** One script a call; the last one is used again. */
  readonly answers?: readonly (readonly Step[])[]
  readonly cards?: readonly ModelCard[] | Error
  readonly readiness?: Readiness | (() => Promise<Readiness>)
  readonly vectors?: readonly (EmbedResponse | Error)[]
}

export function card(id: string, more: Partial<ModelCard> = {}): ModelCard {
  return { id, tasks: ['chat'], state: 'loaded', free: true, ...more }
}

export function scripted(id: string, script: Script = {}): ScriptedProvider {
  const {
    answers = [answer('Hello')],
    cards = [card('model-1')],
    readiness = { ready: true },
    vectors,
    ...rest
  } = script
  const asked: ChatRequest[] = []
  const embedded: EmbedRequest[] = []
  const contexts: CallContext[] = []
  const released = { count: 0 }
  return {
    contract: 1,
    id,
    name: id,
    lifecycle: { stage: 'active', since: '2026-11-23' },
    locality: 'local',
    tasks: vectors === undefined ? ['chat', 'code'] : ['chat', 'code', 'embeddings'],
    supports: ALL_CAPABILITIES,
    hosts: [],
    ...rest,
    asked,
    embedded,
    contexts,
    released,
    closed: false,
    async ready() {
      return typeof readiness === 'function' ? readiness() : readiness
    },
    async models() {
      if (cards instanceof Error) throw cards
      return cards
    },
    async *chat(request, context) {
      const steps = answers[Math.min(asked.length, answers.length - 1)] ?? []
      asked.push(request)
      contexts.push(context)
      try {
        for (const step of steps) {
          if (step instanceof Error) throw step
          if (typeof step === 'function') await step(context)
          else yield step
        }
      } finally {
        released.count += 1
      }
    },
    ...(vectors !== undefined && {
      async embed(request: EmbedRequest, context: CallContext) {
        const response = vectors[Math.min(embedded.length, vectors.length - 1)]
        embedded.push(request)
        contexts.push(context)
        if (response === undefined) throw new Error('no vectors in the script')
        if (response instanceof Error) throw response
        return response
      },
    }),
    async close() {
      this.closed = true
    },
  }
}

/** A step that never ends by itself, whatever the caller does. */
export const hangForEver: Step = () => new Promise<void>(() => undefined)
