import type { ChatRequest, Warning } from '@openmux/core'
import type { HttpCall, JsonObject } from '@openmux/http'
import { writeChatBody } from '../request/write-chat-body.js'
import { checkRequest } from './check-request.js'
import type { Settings } from './settings.js'

/** What a request became. */
export interface ChatPlan {
  readonly path: string
  readonly body: JsonObject
  readonly headers: NonNullable<HttpCall['headers']>
  readonly warnings: readonly Warning[]
}

/**
 * Path, body and headers for a request. Over the body that the format gives: `hooks.extraBody`, then
 * `providerOptions` under the provider's id, as they are. Throws `unsupported`.
 */
export function planChat(request: ChatRequest, settings: Settings): ChatPlan {
  checkRequest(request, settings)
  const { hooks, supports, id } = settings
  const { body, warnings } = writeChatBody(request, settings.chatQuirks, { stream: supports.streaming })
  const whole: JsonObject = { ...body, ...hooks.extraBody?.(request), ...request.providerOptions?.[id] }
  const path = hooks.chatPath ?? '/chat/completions'
  return {
    path: typeof path === 'string' ? path : path(request.model),
    // How the answer is read depends on it. Members that are undefined are not written.
    body: { ...whole, stream: supports.streaming },
    headers: hooks.extraHeaders?.(request) ?? {},
    warnings,
  }
}
