import { HttpResponse } from 'msw'
import { listOf, objectOf, type Received } from '../server/received-json.js'

/** An answer with OpenAI's error body (openai-openapi 2.3.0, ErrorResponse). */
export function refuse(
  status: number,
  message: string,
  code: string | null = null,
  param: string | null = null,
): Response {
  return HttpResponse.json({ error: { message, type: 'invalid_request_error', param, code } }, { status })
}

/**
 * What OpenAI refuses in a chat body, in its words: a client that sends it would fail there too. Undefined: nothing.
 * Sources: openai-openapi 2.3.0; answers of api.openai.com recorded in public issues.
 */
export function refusalOfChat(body: Received): Response | undefined {
  const messages = listOf(body['messages']).map(objectOf)
  if (messages.length === 0)
    return refuse(400, "Missing required parameter: 'messages'.", 'missing_required_parameter', 'messages')
  if (body['stream_options'] !== undefined && body['stream'] !== true) {
    return refuse(
      400,
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      null,
      'stream_options',
    )
  }
  if (body['tool_choice'] !== undefined && listOf(body['tools']).length === 0) {
    return refuse(
      400,
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      null,
      'tool_choice',
    )
  }
  for (const [index, message] of messages.entries()) {
    const refusal = refusalOfMessage(message, index, messages)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

function refusalOfMessage(
  message: Received,
  index: number,
  messages: readonly Received[],
): Response | undefined {
  const field = `messages.[${index}]`
  const { role, content } = message
  const calls = listOf(message['tool_calls'])
  if (role === 'tool') {
    const answered = messages
      .slice(0, index)
      .flatMap((before) => listOf(before['tool_calls']).map((call) => objectOf(call)['id']))
    if (answered.includes(message['tool_call_id'])) return undefined
    return refuse(
      400,
      "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
      null,
      `${field}.role`,
    )
  }
  if (content === null && calls.length === 0) {
    return refuse(400, `Invalid value for 'content': expected a string, got null.`, null, `${field}.content`)
  }
  const typed = calls.every(
    (call) =>
      objectOf(call)['type'] === 'function' &&
      typeof objectOf(objectOf(call)['function'])['arguments'] === 'string',
  )
  return typed
    ? undefined
    : refuse(400, `Invalid type for '${field}.tool_calls'.`, 'invalid_type', `${field}.tool_calls`)
}
