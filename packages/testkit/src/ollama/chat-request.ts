import type { FullModel } from './double-model.js'
import { errorReply, streamErrorReply } from './replies.js'
import { textOf } from './request-body.js'
import { type Received, objectOf } from '../server/received-json.js'
import type { VersionTraits } from './server-version.js'
import { conversationTokens } from './token-count.js'

/** A message as the double reads it. */
export interface ReadMessage {
  readonly role: string
  readonly content: string
  readonly images: number
}

/** The messages of a body. */
export function messagesOf(body: Received): readonly ReadMessage[] {
  const messages = Array.isArray(body['messages']) ? body['messages'] : []
  return messages.map((value) => {
    const { role, content, images } = objectOf(value)
    return { role: textOf(role), content: textOf(content), images: Array.isArray(images) ? images.length : 0 }
  })
}

/** What the model cannot do, in the words and the order of the server (server/routes.go, ChatHandler [verified, v0.24.0]). */
export function incapable(model: FullModel, body: Received): Response | undefined {
  const can = (capability: string): boolean => model.capabilities.includes(capability)
  const think = body['think']
  if (think !== undefined && think !== null && think !== false && !can('thinking')) {
    return errorReply(400, `"${textOf(body['model'])}" does not support thinking`)
  }
  if (!can('completion')) return errorReply(400, `"${textOf(body['model'])}" does not support chat`)
  if (Array.isArray(body['tools']) && body['tools'].length > 0 && !can('tools')) {
    return errorReply(400, `registry.ollama.ai/library/${model.name} does not support tools`)
  }
  return undefined
}

/** A prompt as the server evaluates it. */
export interface FittedPrompt {
  readonly messages: readonly ReadMessage[]
  readonly tokens: number
}

/**
 * The prompt inside the window: whole, shortened, or refused. Shortening drops the oldest messages but system and
 * last, then cuts the text to the window's size (server/prompt.go, runner.go [verified, v0.24.0]).
 */
export function fitPrompt(
  messages: readonly ReadMessage[],
  context: number,
  body: Received,
  traits: VersionTraits,
): FittedPrompt | Response {
  const tokens = conversationTokens(messages)
  if (tokens <= context) return { messages, tokens }
  if (traits.knowsTruncate && body['truncate'] === false) return streamErrorReply(400, traits.tooLong)
  for (let first = 1; first < messages.length; first += 1) {
    const kept = [
      ...messages.slice(0, first).filter(({ role }) => role === 'system'),
      ...messages.slice(first),
    ]
    const size = conversationTokens(kept)
    if (size <= context) return { messages: kept, tokens: size }
  }
  return { messages: messages.slice(-1), tokens: context }
}
