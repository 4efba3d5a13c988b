import { type ChatRequest, type EmbedRequest, OpenMuxError, type Task } from '@openmux/core'
import { membersOf } from '@openmux/http'
import type { Settings } from '../config/settings.js'
import type { OpenRouterModel } from '../models/openrouter-model.js'

/**
 * A chat as OpenRouter needs it: with a token limit, because without one the credit check reckons with the longest
 * answer there could be; with the routing; and with `require_parameters` for tools and JSON Schema, because an
 * upstream that does not know a parameter drops it silently. Throws `unsupported` for a model that is known not to chat.
 * @param known what the list of models says about the model, when it was read.
 */
export function planChat(request: ChatRequest, settings: Settings, known?: OpenRouterModel): ChatRequest {
  checkTask(request.model, 'chat', known)
  const own = request.providerOptions?.['openrouter'] ?? {}
  const binding = (request.tools ?? []).length > 0 || request.responseFormat?.type === 'json-schema'
  const provider = routingOf(settings, own, binding)
  const limited =
    request.maxTokens !== undefined ||
    'max_tokens' in own ||
    'max_completion_tokens' in own ||
    'preset' in own
  return {
    ...request,
    ...(limited ? {} : { maxTokens: usualLimit(settings, known) }),
    providerOptions: { openrouter: { ...own, ...provider } },
  }
}

/** Embeddings with the routing. Throws `unsupported` for a model that is known to be no embedding model. */
export function planEmbed(request: EmbedRequest, settings: Settings, known?: OpenRouterModel): EmbedRequest {
  checkTask(request.model, 'embeddings', known)
  const own = request.providerOptions?.['openrouter'] ?? {}
  return { ...request, providerOptions: { openrouter: { ...own, ...routingOf(settings, own, false) } } }
}

function routingOf(
  { routing }: Settings,
  own: Readonly<Record<string, unknown>>,
  binding: boolean,
): { readonly provider?: object } {
  const provider = {
    ...(binding ? { require_parameters: true } : {}),
    ...routing,
    ...membersOf(own['provider']),
  }
  return Object.keys(provider).length === 0 ? {} : { provider }
}

/** Leaves half of a small window to the prompt. */
function usualLimit({ maxTokens }: Settings, known: OpenRouterModel | undefined): number {
  const { maxOutputTokens = maxTokens, contextTokens = maxTokens * 2 } = known?.card ?? {}
  return Math.max(1, Math.min(maxTokens, maxOutputTokens, Math.floor(contextTokens / 2)))
}

function checkTask(model: string, task: Task, known: OpenRouterModel | undefined): void {
  if (known === undefined || known.card.tasks.includes(task)) return
  throw new OpenMuxError({
    code: 'unsupported',
    provider: 'openrouter',
    model,
    message:
      task === 'chat'
        ? `${model} is an embedding model and cannot chat.`
        : `${model} is a chat model and makes no embeddings.`,
  })
}
