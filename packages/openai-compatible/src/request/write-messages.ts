import type { ImagePart, Message, ToolCall, UserPart } from '@openmux/core'
import type { WireMessage, WireUserPart } from '../wire/message.js'
import type { WireToolCall } from '../wire/tool.js'
import { nineCharacterId } from './nine-character-id.js'
import type { OpenAIQuirks } from './quirks.js'
import { cannotSend } from './request-error.js'

/** A conversation in the wire's form. Throws `unsupported` naming the part that cannot be sent. */
export function writeMessages(messages: readonly Message[], quirks: OpenAIQuirks): readonly WireMessage[] {
  return messages.map((message, index) => writeMessage(message, `messages[${index}]`, quirks))
}

function writeMessage(message: Message, field: string, quirks: OpenAIQuirks): WireMessage {
  switch (message.role) {
    case 'system':
      return { role: quirks.systemRole, content: message.content }
    case 'user':
      return { role: 'user', content: writeUserContent(message.content, field, quirks) }
    case 'assistant':
      return writeAssistant(message, quirks)
    case 'tool':
      return { role: 'tool', tool_call_id: writeId(message.toolCallId, quirks), content: message.content }
  }
}

function writeUserContent(
  content: string | readonly UserPart[],
  field: string,
  quirks: OpenAIQuirks,
): string | readonly WireUserPart[] {
  if (typeof content === 'string') return content
  return content.map((part, index) =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'image_url', image_url: { url: imageURL(part, `${field}.content[${index}]`, quirks) } },
  )
}

function imageURL(part: ImagePart, field: string, quirks: OpenAIQuirks): string {
  if (quirks.images === 'none') {
    throw cannotSend(field, 'This server takes no images.', 'Leave the image out, or use another provider.')
  }
  if ('base64' in part) return `data:${part.mediaType};base64,${part.base64}`
  if (quirks.images === 'any') return part.url
  throw cannotSend(
    field,
    'This server fetches no images by their address.',
    'Give the image as base64 with its media type.',
  )
}

function writeAssistant(
  { content, reasoning, toolCalls = [] }: Extract<Message, { role: 'assistant' }>,
  quirks: OpenAIQuirks,
): WireMessage {
  const thought = reasoning === undefined || reasoning === '' ? undefined : reasoning
  return {
    role: 'assistant',
    // Ollama refuses null without calls, others refuse an empty text beside calls.
    content: content === '' && toolCalls.length > 0 ? null : content,
    ...(thought !== undefined && quirks.reasoningBack !== 'none' ? { [quirks.reasoningBack]: thought } : {}),
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls.map((call) => writeToolCall(call, quirks)) } : {}),
  }
}

function writeToolCall(call: ToolCall, quirks: OpenAIQuirks): WireToolCall {
  return {
    id: writeId(call.id, quirks),
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }
}

function writeId(id: string, quirks: OpenAIQuirks): string {
  return quirks.toolCallIds === 'any' ? id : nineCharacterId(id)
}
