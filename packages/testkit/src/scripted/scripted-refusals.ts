import type { Capabilities, ChatRequest, Warning } from '@openmux/core'

/** Why a request cannot be served with these capabilities; `undefined` when it can. */
export function unsupportedOf(request: ChatRequest, supports: Capabilities): string | undefined {
  const format = request.responseFormat?.type
  if (!supports.tools && (request.tools?.length ?? 0) > 0) return 'It takes no tools.'
  if (!supports.json && format === 'json') return 'It cannot promise JSON.'
  if (!supports.jsonSchema && format === 'json-schema') return 'It cannot follow a JSON Schema.'
  if (!supports.vision && request.messages.some(hasImage)) return 'It sees no images.'
  if (!supports.prefill && request.messages.at(-1)?.role === 'assistant')
    return 'It cannot continue an assistant message.'
  return undefined
}

/** Options that are passed over, named one by one. */
export function startWarnings(request: ChatRequest, supports: Capabilities): readonly Warning[] {
  const ignored = [
    ...(!supports.seed && request.seed !== undefined ? ['seed'] : []),
    ...(!supports.reasoning && request.reasoning !== undefined && request.reasoning !== 'off'
      ? ['reasoning']
      : []),
  ]
  return ignored.map((option) => ({
    kind: 'ignored-option',
    option,
    message: `\`${option}\` is not known here and was left out.`,
  }))
}

function hasImage(message: ChatRequest['messages'][number]): boolean {
  return typeof message.content !== 'string' && message.content.some((part) => part.type === 'image')
}
