import { type Capability, type ChatRequest, OpenMuxError } from '@openmux/core'
import type { Settings } from './settings.js'

const WORDS: Partial<Record<Capability, string>> = {
  tools: 'call tools',
  json: 'be held to JSON',
  jsonSchema: 'be held to a JSON Schema',
  vision: 'see images',
}

/** Refuses with `unsupported` what the provider, or the card the user gave of the model, says it cannot do. */
export function checkRequest(request: ChatRequest, { id, supports, models = [] }: Settings): void {
  const card = models.find((model) => model.id === request.model)
  for (const capability of needsOf(request)) {
    const byProvider = supports[capability]
    if (byProvider && card?.supports?.[capability] !== false) continue
    throw new OpenMuxError({
      code: 'unsupported',
      provider: id,
      model: request.model,
      message: `${byProvider ? request.model : id} cannot ${WORDS[capability] ?? capability}.`,
      hint: 'Choose a model that can, or set `supports` of the provider if it can after all.',
    })
  }
  if (card !== undefined && !card.tasks.some((task) => task !== 'embeddings')) {
    throw new OpenMuxError({
      code: 'unsupported',
      provider: id,
      model: request.model,
      message: `${request.model} is an embedding model and cannot chat.`,
    })
  }
}

function needsOf({ tools = [], responseFormat, messages }: ChatRequest): readonly Capability[] {
  const needs: Capability[] = []
  if (tools.length > 0) needs.push('tools')
  if (responseFormat?.type === 'json') needs.push('json')
  if (responseFormat?.type === 'json-schema') needs.push('jsonSchema')
  if (messages.some(hasImage)) needs.push('vision')
  return needs
}

function hasImage({ role, content }: ChatRequest['messages'][number]): boolean {
  return role === 'user' && typeof content !== 'string' && content.some((part) => part.type === 'image')
}
