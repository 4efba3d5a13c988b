import type { ChatInput, ReasoningEffort } from '@openmux/core'
import { defined, type JsonObject, objectOf } from '@openmux/http'
import { readFlag, readNumber, readText } from './read-field.js'
import { readMessages } from './read-messages.js'
import { readResponseFormat } from './read-response-format.js'
import { readToolChoice, readTools } from './read-tools.js'
import { wrongField } from './request-error.js'

/** A received `POST /chat/completions`. */
export interface ReceivedChat {
  /** `model` is there when the body named one. */
  readonly input: ChatInput
  readonly stream: boolean
  /** Whether the stream must end with a chunk that holds the usage. */
  readonly includeUsage: boolean
  /** Members that were understood but do nothing here, for a log: `logit_bias`. */
  readonly ignored: readonly string[]
}

/** Known members without a counterpart, and the values that ask for nothing. */
const WITHOUT_EFFECT: Readonly<Record<string, readonly unknown[]>> = {
  logprobs: [false],
  top_logprobs: [0],
  logit_bias: [],
  presence_penalty: [0],
  frequency_penalty: [0],
  parallel_tool_calls: [true],
  prediction: [],
  audio: [],
  verbosity: ['medium'],
  service_tier: ['auto', 'default'],
  store: [false],
}

/**
 * A body of the OpenAI chat format as an input of the orchestrator. Tolerant as clients need it: unknown members,
 * `null` for absent, `developer` and `function` roles, `functions`, parts in place of texts. Throws `bad-request`
 * that names the field by its name in the body: `messages[2].content[0].type`.
 */
export function readChatBody(value: unknown): ReceivedChat {
  const body = objectOf(value)
  if (body === undefined) throw wrongField('body', 'a JSON object', value)
  readNumber(body, 'n', '1: one answer to a request', (count) => count === 1)
  const tools = readTools(body)
  const toolChoice = readToolChoice(body)
  const options = objectOf(body['stream_options']) ?? {}
  const stop = readStop(body['stop'])
  return {
    input: {
      messages: readMessages(body['messages']),
      ...(tools.length > 0 ? { tools, ...defined({ toolChoice }) } : {}),
      ...defined({
        model: readText(body, 'model'),
        responseFormat: readResponseFormat(body['response_format']),
        temperature: readNumber(
          body,
          'temperature',
          'a number from 0 to 2',
          (number) => number >= 0 && number <= 2,
        ),
        topP: readTopP(body),
        maxTokens: readMaxTokens(body),
        stop: stop.length > 0 ? stop : undefined,
        seed: readNumber(body, 'seed', 'a whole number', Number.isSafeInteger),
        reasoning: readEffort(body),
      }),
    },
    stream: readFlag(body, 'stream'),
    includeUsage: readFlag(options, 'include_usage', 'stream_options.'),
    ignored: Object.entries(WITHOUT_EFFECT)
      .filter(([name, idle]) => body[name] != null && !idle.includes(body[name]))
      .map(([name]) => name),
  }
}

function readTopP(body: JsonObject): number | undefined {
  const topP = readNumber(body, 'top_p', 'a number from 0 to 1', (number) => number >= 0 && number <= 1)
  // OpenAI takes 0 for "only the likeliest token"; here it must be above 0.
  return topP === 0 ? 1e-6 : topP
}

/** The newer name wins. -1 is what several local clients send for "no limit". */
function readMaxTokens(body: JsonObject): number | undefined {
  const name = body['max_completion_tokens'] == null ? 'max_tokens' : 'max_completion_tokens'
  const fits = (count: number): boolean => count === -1 || (Number.isInteger(count) && count > 0)
  const limit = readNumber(body, name, 'a whole number above 0', fits)
  return limit === -1 ? undefined : limit
}

function readStop(value: unknown): readonly string[] {
  if (value === null || value === undefined) return []
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return texts
    .map((text, index) => {
      if (typeof text === 'string') return text
      throw wrongField(Array.isArray(value) ? `stop[${index}]` : 'stop', 'a text or an array of texts', text)
    })
    .filter((text) => text !== '')
}

/** OpenAI's and OpenRouter's words for how much to think. */
const EFFORTS: Readonly<Record<string, ReasoningEffort>> = {
  none: 'off',
  off: 'off',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
}

function readEffort(body: JsonObject): ReasoningEffort | undefined {
  const field = body['reasoning_effort'] == null ? 'reasoning.effort' : 'reasoning_effort'
  const value = body['reasoning_effort'] ?? objectOf(body['reasoning'])?.['effort'] ?? undefined
  if (value === undefined) return undefined
  if (typeof value === 'string' && Object.hasOwn(EFFORTS, value)) return EFFORTS[value]
  throw wrongField(field, `one of ${Object.keys(EFFORTS).join(', ')}`, value)
}
