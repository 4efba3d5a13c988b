import type { Capability } from '../contract/capabilities.js'
import type { GenerationOptions } from '../contract/chat-request.js'
import type { Message } from '../contract/message.js'
import type { ModelNeed } from '../contract/model-choice.js'
import type { Task } from '../contract/task.js'

/** What a model must bring for this request: read off the request itself, nothing guessed. */
export function needOfRequest(
  task: Task,
  options: GenerationOptions & { readonly localOnly?: boolean },
  messages: readonly Message[],
): ModelNeed {
  const capabilities: Capability[] = []
  if (options.tools !== undefined && options.tools.length > 0 && options.toolChoice !== 'none')
    capabilities.push('tools')
  if (options.responseFormat?.type === 'json') capabilities.push('json')
  if (options.responseFormat?.type === 'json-schema') capabilities.push('jsonSchema')
  if (messages.some(hasImage)) capabilities.push('vision')
  return { task, capabilities, ...(options.localOnly === true && { localOnly: true }) }
}

function hasImage(message: Message): boolean {
  return (
    message.role === 'user' &&
    typeof message.content !== 'string' &&
    message.content.some((part) => part.type === 'image')
  )
}
