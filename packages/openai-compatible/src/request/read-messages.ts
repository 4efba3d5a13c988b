import type { Message, ToolCall } from '@openmux/core'
import { defined, type JsonObject, objectOf, textOf } from '@openmux/http'
import { readTextContent, readUserContent } from './read-content.js'
import { readList } from './read-field.js'
import { wrongField } from './request-error.js'

const ROLES = 'system, developer, user, assistant, tool or function'

/** The conversation of a received body. Throws `bad-request` naming the message and member that is wrong. */
export function readMessages(value: unknown): readonly Message[] {
  if (!Array.isArray(value) || value.length === 0) throw wrongField('messages', 'a non-empty array', value)
  const names = new Map<string, string>()
  return value.map((entry: unknown, index) => {
    const message = readMessage(entry, `messages[${index}]`, names)
    if (message.role === 'assistant')
      for (const call of message.toolCalls ?? []) names.set(call.id, call.name)
    return message
  })
}

/** @param names tool names by call id, from the messages before. */
function readMessage(value: unknown, field: string, names: ReadonlyMap<string, string>): Message {
  const message = objectOf(value)
  if (message === undefined) throw wrongField(field, 'a message with role and content', value)
  const content = `${field}.content`
  switch (message['role']) {
    case 'system':
    case 'developer':
      return { role: 'system', content: readTextContent(message['content'], content) }
    case 'user':
      return { role: 'user', content: readUserContent(message['content'], content) }
    case 'assistant':
      return readAssistant(message, field)
    case 'tool':
    case 'function':
      return readToolResult(message, field, names)
    default:
      throw wrongField(`${field}.role`, `one of ${ROLES}`, message['role'])
  }
}

function readAssistant(message: JsonObject, field: string): Message {
  const calls = readList(message, 'tool_calls', 'an array of calls', `${field}.`).map((call, index) =>
    readToolCall(call, `${field}.tool_calls[${index}]`),
  )
  const legacy = objectOf(message['function_call'])
  const toolCalls =
    legacy === undefined ? calls : [...calls, readLegacyCall(legacy, `${field}.function_call`)]
  const content = readTextContent(message['content'] ?? message['refusal'], `${field}.content`)
  return {
    role: 'assistant',
    content,
    ...defined({ reasoning: textOf(message['reasoning_content']) ?? textOf(message['reasoning']) }),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
  }
}

function readToolCall(value: unknown, field: string): ToolCall {
  const call = objectOf(value)
  const made = objectOf(call?.['function'])
  if (call === undefined || made === undefined) throw wrongField(field, 'a call with id and function', value)
  const id = textOf(call['id'])
  if (id === undefined) throw wrongField(`${field}.id`, 'a text', call['id'])
  return { id, ...readFunction(made, `${field}.function`) }
}

/** The form before tools: one call without an id, its result found by the function's name. */
function readLegacyCall(call: JsonObject, field: string): ToolCall {
  const made = readFunction(call, field)
  return { id: legacyId(made.name), ...made }
}

function legacyId(name: string): string {
  return `function_${name}`
}

function readFunction(made: JsonObject, field: string): Omit<ToolCall, 'id'> {
  const name = textOf(made['name'])
  if (name === undefined) throw wrongField(`${field}.name`, 'a text', made['name'])
  const given = made['arguments'] ?? '{}'
  if (typeof given === 'string') return { name, arguments: given === '' ? '{}' : given }
  // Ollama's own form: an object in place of its text.
  if (objectOf(given) !== undefined) return { name, arguments: JSON.stringify(given) }
  throw wrongField(`${field}.arguments`, 'JSON as a text', given)
}

function readToolResult(message: JsonObject, field: string, names: ReadonlyMap<string, string>): Message {
  const name = textOf(message['name'])
  const legacy = message['role'] === 'function'
  const id = textOf(message['tool_call_id']) ?? (legacy && name !== undefined ? legacyId(name) : undefined)
  if (id === undefined) {
    if (legacy) throw wrongField(`${field}.name`, 'the name of the function', message['name'])
    throw wrongField(`${field}.tool_call_id`, 'the id of the call it answers', message['tool_call_id'])
  }
  return {
    role: 'tool',
    toolCallId: id,
    ...defined({ toolName: names.get(id) ?? name }),
    content: readTextContent(message['content'], `${field}.content`),
  }
}
