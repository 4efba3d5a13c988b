import {
  type CallContext,
  type ChatEvent,
  type ChatRequest,
  type EmbedRequest,
  OpenMuxError,
  type Provider,
} from '@openmux/core'
import { waitUnlessAborted } from './interrupt.js'
import type { ScriptedError } from './script.js'

/** Makes a provider fail in one way, and leaves the rest of it as it is. */
export type Fault = (provider: Provider) => Provider

/** Which calls a fault hits. */
export interface FaultOptions {
  /** Only the first so many calls of `chat` and `embed` together. Default: all. */
  readonly calls?: number
}

/** `provider` with every fault put around it, the last one outermost. */
export function withFaults(provider: Provider, ...faults: readonly Fault[]): Provider {
  return faults.reduce((faulty, fault) => fault(faulty), provider)
}

/** Chats and embeddings fail at once. */
export function failWith(error: ScriptedError, options: FaultOptions = {}): Fault {
  return (provider) => {
    const hits = counter(options)
    const thrown = (model: string): OpenMuxError => injected(error, provider.id, model)
    return wrapped(provider, {
      async *chat(inner, request, context) {
        if (hits()) throw thrown(request.model)
        yield* inner(request, context)
      },
      async embed(inner, request, context) {
        if (hits()) throw thrown(request.model)
        return inner(request, context)
      },
    })
  }
}

/** Chats are cut after `pieces` pieces of text, thinking or tool call: `truncated`. */
export function cutAfter(pieces: number, options: FaultOptions = {}): Fault {
  return (provider) => {
    const hits = counter(options)
    return wrapped(provider, {
      async *chat(inner, request, context) {
        if (!hits()) return yield* inner(request, context)
        yield* firstPieces(inner(request, context), pieces)
        throw injected(
          { code: 'truncated', message: `Cut after ${pieces} pieces` },
          provider.id,
          request.model,
        )
      },
    })
  }
}

/** Chats fall silent after `pieces` pieces, until the caller leaves. */
export function stallAfter(pieces: number, options: FaultOptions = {}): Fault {
  return (provider) => {
    const hits = counter(options)
    const closing = new AbortController()
    const faulty = wrapped(provider, {
      async *chat(inner, request, context) {
        if (!hits()) return yield* inner(request, context)
        yield* firstPieces(inner(request, context), pieces)
        await waitUnlessAborted([context.signal, closing.signal], () => undefined)
        throw injected('aborted', provider.id, request.model)
      },
    })
    return {
      ...faulty,
      async close() {
        closing.abort()
        await provider.close()
      },
    }
  }
}

type Chat = (request: ChatRequest, context: CallContext) => AsyncIterable<ChatEvent>
type Embed = NonNullable<Provider['embed']>
interface Changes {
  chat(inner: Chat, request: ChatRequest, context: CallContext): AsyncIterable<ChatEvent>
  embed?(inner: Embed, request: EmbedRequest, context: CallContext): ReturnType<Embed>
}

/** The provider with other members; those it does not have stay absent. */
function wrapped(provider: Provider, changes: Changes): Provider {
  const chat = provider.chat?.bind(provider)
  const embed = provider.embed?.bind(provider)
  const changedEmbed = changes.embed
  return {
    ...provider,
    ...(chat === undefined ? {} : { chat: (request, context) => changes.chat(chat, request, context) }),
    ...(embed === undefined || changedEmbed === undefined
      ? {}
      : { embed: (request, context) => changedEmbed(embed, request, context) }),
  }
}

function counter(options: FaultOptions): () => boolean {
  let seen = 0
  return () => seen++ < (options.calls ?? Infinity)
}

function injected(error: ScriptedError, provider: string, model: string): OpenMuxError {
  const about = typeof error === 'string' ? { code: error } : error
  return new OpenMuxError({ message: `Injected fault: ${about.code}`, ...about, provider, model })
}

async function* firstPieces(events: AsyncIterable<ChatEvent>, pieces: number): AsyncGenerator<ChatEvent> {
  let seen = 0
  for await (const event of events) {
    if (event.type === 'finish' || (event.type !== 'start' && seen >= pieces)) return
    if (event.type !== 'start') seen += 1
    yield event
    if (event.type !== 'start' && seen >= pieces) return
  }
}
