import { type ChatRequest, type Message, OpenMuxError, type ToolCall } from '@openmux/core'
import { defined, type JsonObject, objectOf } from '@openmux/http'
import { imageBase64 } from './images.js'

/** A message as the server takes it (Ollama api/types.go, Message). */
export interface WireMessage {
  readonly role: string
  readonly content: string
  readonly thinking?: string
  readonly images?: readonly string[]
  readonly tool_calls?: readonly {
    id: string
    function: { index: number; name: string; arguments: JsonObject }
  }[]
  readonly tool_name?: string
  readonly tool_call_id?: string
}

/** A request's messages on the wire. Throws `bad-request` or `unsupported` that names the message. */
export function wireMessages({ messages, model }: ChatRequest): readonly WireMessage[] {
  return messages.map((message, index) => wireMessage(message, `messages[${index}]`, messages, model))
}

/** Whether any message holds an image. */
export function hasImages(messages: readonly Message[]): boolean {
  return messages.some(
    ({ role, content }) =>
      role === 'user' && typeof content !== 'string' && content.some((part) => part.type === 'image'),
  )
}

function wireMessage(message: Message, field: string, all: readonly Message[], model: string): WireMessage {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content }
    case 'user':
      return userMessage(message.content, field, model)
    case 'assistant':
      return {
        role: 'assistant',
        content: message.content,
        ...defined({ thinking: message.reasoning === '' ? undefined : message.reasoning }),
        ...(message.toolCalls === undefined || message.toolCalls.length === 0
          ? {}
          : {
              tool_calls: message.toolCalls.map((call, index) =>
                wireCall(call, index, `${field}.toolCalls[${index}]`, model),
              ),
            }),
      }
    case 'tool':
      return {
        role: 'tool',
        content: message.content,
        tool_call_id: message.toolCallId,
        // Templates show the name, not the id.
        ...defined({ tool_name: message.toolName ?? nameOfCall(message.toolCallId, all) }),
      }
  }
}

function userMessage(
  content: Extract<Message, { role: 'user' }>['content'],
  field: string,
  model: string,
): WireMessage {
  if (typeof content === 'string') return { role: 'user', content }
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const images = content.flatMap((part, index) =>
    part.type === 'image' ? [imageBase64(part, model, `${field}.content[${index}]`)] : [],
  )
  return { role: 'user', content: texts.join(''), ...(images.length > 0 ? { images } : {}) }
}

function wireCall(call: ToolCall, index: number, field: string, model: string) {
  return { id: call.id, function: { index, name: call.name, arguments: parsedArguments(call, field, model) } }
}

/** An object is the only form of arguments that the server takes. */
function parsedArguments(call: ToolCall, field: string, model: string): JsonObject {
  try {
    const parsed = objectOf(call.arguments.trim() === '' ? {} : JSON.parse(call.arguments))
    if (parsed !== undefined) return parsed
  } catch {
    // Told below, with the field's name.
  }
  throw new OpenMuxError({
    code: 'bad-request',
    provider: 'ollama',
    model,
    field: `${field}.arguments`,
    message: `\`${field}.arguments\` must be the JSON text of an object.`,
  })
}

function nameOfCall(id: string, messages: readonly Message[]): string | undefined {
  for (const message of messages) {
    const call =
      message.role === 'assistant' ? message.toolCalls?.find((candidate) => candidate.id === id) : undefined
    if (call !== undefined) return call.name
  }
  return undefined
}
