import {
  type CallContext,
  type ChatEvent,
  type ChatRequest,
  isOpenMuxError,
  type ModelCard,
  OpenMuxError,
  type Provider,
} from '@openmux/core'
import { withoutToken } from './config/token.js'
import { notServed } from './mapping/not-served.js'
import { readModelReference } from './models/model-reference.js'
import type { RemoteEngine } from './remote-engine.js'

type Chat = NonNullable<Provider['chat']>

/**
 * Chat over the router. A model that the router refuses is looked up at the hub, so that the error says who serves
 * it, or that nobody does.
 */
export function createChat(
  engine: RemoteEngine,
  inner: Chat,
  cards: (context: CallContext) => Promise<readonly ModelCard[]>,
): Chat {
  return async function* chat(request, context): AsyncGenerator<ChatEvent> {
    if (engine.token.value === undefined) throw withoutToken(engine.token, engine.id, request.model)
    if (!engine.allowPaid) demandFree(engine, request, await cards(context))
    try {
      yield* inner(request, context)
    } catch (error) {
      throw await explainModel(engine, error, request, context)
    }
  }
}

/** Refuses a model that costs something, when nothing may. */
function demandFree(engine: RemoteEngine, { model }: ChatRequest, cards: readonly ModelCard[]): void {
  if (cards.some((card) => card.id === model && card.free)) return
  throw new OpenMuxError({
    code: 'unsupported',
    provider: engine.id,
    model,
    message: `${model} is not free on Hugging Face, and allowPaid is false.`,
    hint: 'Choose a free model from models(), or set allowPaid: the monthly credits of the account are used first.',
  })
}

async function explainModel(
  engine: RemoteEngine,
  error: unknown,
  { model }: ChatRequest,
  context: CallContext,
): Promise<unknown> {
  if (!isOpenMuxError(error)) return error
  if (error.code !== 'model-not-found' && error.code !== 'model-not-served') return error
  const reference = readModelReference(model)
  try {
    const servings = await engine.mapping.servings(reference.id, context)
    return notServed({
      provider: engine.id,
      model,
      reference,
      task: 'chat',
      servings,
      upstream: error.upstream,
    })
  } catch (lookup) {
    // The caller has left, or the hub knows better that there is no such model; anything else adds nothing.
    return isOpenMuxError(lookup) && (lookup.code === 'aborted' || lookup.code === 'model-not-found')
      ? lookup
      : error
  }
}
