import type { ChatRequest, ReasoningEffort, Tool, ToolChoice, Warning } from '@openmux/core'
import { defined, type JsonObject } from '@openmux/http'
import type { ChatBody } from '../wire/chat-body.js'
import type { WireTool } from '../wire/tool.js'
import { DEFAULT_QUIRKS, type OpenAIQuirks } from './quirks.js'
import { cannotSend } from './request-error.js'
import { writeMessages } from './write-messages.js'
import { writeResponseFormat } from './write-response-format.js'

/** A body and what of the request is not in it. */
export interface WrittenChat {
  readonly body: ChatBody
  /** For the `start` event. */
  readonly warnings: readonly Warning[]
}

/** How to write a body beside the quirks. */
export interface WriteChatOptions {
  /** Default: `true`. */
  readonly stream?: boolean
}

/**
 * The body of `POST /chat/completions` for a request. What a server has no word for is refused with
 * `unsupported` (a forced tool, an image, a schema) or told as a warning (a seed, an effort).
 */
export function writeChatBody(
  request: ChatRequest,
  quirks: Partial<OpenAIQuirks> = {},
  { stream = true }: WriteChatOptions = {},
): WrittenChat {
  const all = { ...DEFAULT_QUIRKS, ...quirks }
  const { tools = [], stop = [] } = request
  if (all.maxStops > 0 && stop.length > all.maxStops) {
    throw cannotSend(
      'stop',
      `This server takes at most ${all.maxStops} stop texts, not ${stop.length}.`,
      'Give fewer.',
    )
  }
  const effort = writeEffort(request.reasoning, all)
  const seed = writeSeed(request.seed, all)
  const chosen = writeTools(tools, request.toolChoice, all)
  const body: ChatBody = {
    model: request.model,
    messages: writeMessages(request.messages, all),
    stream,
    ...(stream && all.streamUsage === 'ask' ? { stream_options: { include_usage: true } } : {}),
    ...chosen,
    ...defined({
      response_format: writeResponseFormat(request.responseFormat, all),
      temperature: request.temperature,
      top_p: request.topP,
      [all.maxTokensField]: request.maxTokens,
      stop: stop.length > 0 ? stop : undefined,
    }),
    ...seed.members,
    ...effort.members,
    ...writePrefill(request, all),
  }
  return { body, warnings: [...seed.warnings, ...effort.warnings] }
}

/** Members of the body for one option, or the warning in place of them. */
interface WrittenOption {
  readonly members: JsonObject
  readonly warnings: readonly Warning[]
}

function sent(members: JsonObject): WrittenOption {
  return { members, warnings: [] }
}

function ignored(option: string, message: string): WrittenOption {
  return { members: {}, warnings: [{ kind: 'ignored-option', option, message }] }
}

function writeSeed(seed: number | undefined, { seedField }: OpenAIQuirks): WrittenOption {
  if (seed === undefined) return sent({})
  if (seedField === 'none')
    return ignored('seed', 'This server takes no seed; the answer may differ each time.')
  return sent({ [seedField]: seed })
}

function writeEffort(effort: ReasoningEffort | undefined, quirks: OpenAIQuirks): WrittenOption {
  if (effort === undefined) return sent({})
  if (quirks.reasoning === 'none') {
    // Without thinking, asking for none is simply true.
    return effort === 'off' ? sent({}) : ignored('reasoning', 'This server takes no wish about thinking.')
  }
  const word = effort === 'off' ? quirks.reasoningOff : effort
  if (word === null) return ignored('reasoning', 'Thinking cannot be turned off at this server.')
  return sent(quirks.reasoning === 'effort' ? { reasoning_effort: word } : { reasoning: { effort: word } })
}

/** What says that the last message is the beginning of the answer. A call in it is a turn that is over. */
function writePrefill({ messages }: ChatRequest, { prefill }: OpenAIQuirks): JsonObject {
  const last = messages.at(-1)
  const isBeginning = last?.role === 'assistant' && (last.toolCalls ?? []).length === 0
  if (!isBeginning || prefill === 'as-is') return {}
  return { continue_final_message: true, add_generation_prompt: false }
}

/** Tools and choice; a choice without tools means nothing and servers refuse it. */
function writeTools(
  tools: readonly Tool[],
  choice: ToolChoice | undefined,
  quirks: OpenAIQuirks,
): Pick<ChatBody, 'tools' | 'tool_choice'> {
  if (tools.length === 0) return {}
  if (choice === undefined) return { tools: tools.map(writeTool) }
  if (choice === 'auto' || choice === 'none') return { tools: tools.map(writeTool), tool_choice: choice }
  if (typeof choice === 'object' && quirks.namedToolChoice) {
    return { tools: tools.map(writeTool), tool_choice: { type: 'function', function: { name: choice.name } } }
  }
  if (quirks.requiredToolChoice === 'none') {
    throw cannotSend(
      'toolChoice',
      'This server cannot force a tool call.',
      'Use "auto" and ask for the call in the prompt.',
    )
  }
  // One named tool is forced by giving only that one.
  const given = typeof choice === 'object' ? tools.filter((tool) => tool.name === choice.name) : tools
  return { tools: given.map(writeTool), tool_choice: quirks.requiredToolChoice }
}

function writeTool({ name, description, parameters }: Tool): WireTool {
  return { type: 'function', function: { name, ...defined({ description }), parameters } }
}
