import type { GenerationOptions } from '../contract/chat-request.js'
import type { Message } from '../contract/message.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { didYouMean } from '../plan/spelling.js'
import type { ChatInput, RoutingOptions } from './chat-input.js'
import type { EmbedInput } from './embed-input.js'

const ROUTING_KEYS = [
  'provider',
  'model',
  'prefer',
  'localOnly',
  'maxAttempts',
  'timeouts',
  'signal',
  'onProgress',
  'onFailedAttempt',
] as const satisfies readonly (keyof RoutingOptions)[]

/** The options of a request that are the provider's business. */
export const GENERATION_KEYS = [
  'tools',
  'toolChoice',
  'responseFormat',
  'temperature',
  'topP',
  'maxTokens',
  'stop',
  'seed',
  'reasoning',
  'providerOptions',
] as const satisfies readonly (keyof GenerationOptions)[]

const CHAT_KEYS: ReadonlySet<string> = new Set([
  ...ROUTING_KEYS,
  ...GENERATION_KEYS,
  'prompt',
  'system',
  'messages',
  'task',
])
const EMBED_KEYS: ReadonlySet<string> = new Set([
  ...ROUTING_KEYS,
  'input',
  'dimensions',
  'purpose',
  'space',
  'providerOptions',
])

/** What is wrong with one field. */
interface Wrong {
  readonly field: string
  readonly expected: string
  readonly got: unknown
}

/** The conversation of a checked chat input. Throws `bad-request` naming the field that is wrong. */
export function checkChatInput(input: ChatInput): readonly Message[] {
  checkKeys(input, CHAT_KEYS)
  if (input.prompt !== undefined && input.messages !== undefined) {
    throw wrong({ field: 'prompt', expected: 'either prompt or messages, not both', got: input.prompt })
  }
  checkNumber('temperature', input.temperature, (value) => value >= 0 && value <= 2, 'a number from 0 to 2')
  checkNumber('topP', input.topP, (value) => value > 0 && value <= 1, 'a number above 0, up to 1')
  checkNumber(
    'maxTokens',
    input.maxTokens,
    (value) => Number.isInteger(value) && value > 0,
    'a whole number above 0',
  )
  checkNumber('seed', input.seed, Number.isSafeInteger, 'a whole number')
  checkRouting(input)
  checkTools(input)
  if (
    input.stop !== undefined &&
    !(Array.isArray(input.stop) && input.stop.every((text) => typeof text === 'string' && text !== ''))
  ) {
    throw wrong({ field: 'stop', expected: 'an array of non-empty texts', got: input.stop })
  }
  const messages = conversationOf(input)
  for (const [index, message] of messages.entries()) checkMessage(message, `messages[${index}]`)
  return messages
}

/** The texts of a checked embedding input. Throws `bad-request` naming the field that is wrong. */
export function checkEmbedInput(input: EmbedInput): readonly string[] {
  checkKeys(input, EMBED_KEYS)
  checkRouting(input)
  checkNumber(
    'dimensions',
    input.dimensions,
    (value) => Number.isInteger(value) && value > 0,
    'a whole number above 0',
  )
  const inputs: readonly unknown[] =
    typeof input.input === 'string' ? [input.input] : Array.isArray(input.input) ? input.input : []
  if (inputs.length === 0)
    throw wrong({ field: 'input', expected: 'a text or a non-empty array of texts', got: input.input })
  for (const [index, text] of inputs.entries()) {
    if (typeof text !== 'string' || text === '')
      throw wrong({ field: `input[${index}]`, expected: 'a non-empty text', got: text })
  }
  return inputs as readonly string[]
}

function conversationOf(input: ChatInput): readonly Message[] {
  const { prompt, messages, system } = input
  if (prompt !== undefined && (typeof prompt !== 'string' || prompt.trim() === '')) {
    throw wrong({ field: 'prompt', expected: 'a text that is not empty', got: prompt })
  }
  if (prompt === undefined && (!Array.isArray(messages) || messages.length === 0)) {
    throw wrong({ field: 'messages', expected: 'at least one message (or a prompt)', got: messages })
  }
  const conversation: readonly Message[] =
    prompt === undefined ? (messages ?? []) : [{ role: 'user', content: prompt }]
  return system === undefined ? conversation : [{ role: 'system', content: system }, ...conversation]
}

function checkMessage(message: Message, field: string): void {
  const roles = ['system', 'user', 'assistant', 'tool']
  const value: unknown = message
  if (typeof value !== 'object' || value === null || !roles.includes(message.role)) {
    throw wrong({
      field: `${field}.role`,
      expected: `one of ${roles.join(', ')}`,
      got: (value as { role?: unknown } | null)?.role,
    })
  }
  const content: unknown = message.content
  const partsAllowed = message.role === 'user' && Array.isArray(content) && content.length > 0
  if (typeof content !== 'string' && !partsAllowed) {
    throw wrong({
      field: `${field}.content`,
      expected: message.role === 'user' ? 'a text or a non-empty array of parts' : 'a text',
      got: content,
    })
  }
  if (message.role === 'tool' && !message.toolCallId) {
    throw wrong({
      field: `${field}.toolCallId`,
      expected: 'the id of the call it answers',
      got: message.toolCallId,
    })
  }
}

function checkTools(input: ChatInput): void {
  const names = new Set<string>()
  for (const [index, tool] of (input.tools ?? []).entries()) {
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(tool.name)) {
      throw wrong({
        field: `tools[${index}].name`,
        expected: '1 to 64 letters, digits, _ . or -',
        got: tool.name,
      })
    }
    if (names.has(tool.name))
      throw wrong({ field: `tools[${index}].name`, expected: 'a name no other tool has', got: tool.name })
    names.add(tool.name)
  }
  const { toolChoice } = input
  if (typeof toolChoice === 'object' && !names.has(toolChoice.name)) {
    throw wrong({ field: 'toolChoice.name', expected: 'the name of one of the tools', got: toolChoice.name })
  }
}

function checkRouting(input: ChatInput | EmbedInput): void {
  checkNumber(
    'maxAttempts',
    input.maxAttempts,
    (value) => Number.isInteger(value) && value > 0,
    'a whole number above 0',
  )
  for (const key of ['totalMs', 'firstTokenMs', 'idleMs'] as const) {
    checkNumber(
      `timeouts.${key}`,
      input.timeouts?.[key],
      (value) => value >= 0,
      'a number of milliseconds, 0 for no limit',
    )
  }
  for (const key of ['provider', 'model'] as const) {
    const value: unknown = input[key]
    if (value !== undefined && (typeof value !== 'string' || value.trim() === '')) {
      throw wrong({ field: key, expected: 'a name', got: value })
    }
  }
}

function checkNumber(
  field: string,
  value: unknown,
  fits: (value: number) => boolean,
  expected: string,
): void {
  if (value === undefined) return
  if (typeof value !== 'number' || Number.isNaN(value) || !fits(value))
    throw wrong({ field, expected, got: value })
}

function checkKeys(input: object, known: ReadonlySet<string>): void {
  for (const key of Object.keys(input)) {
    if (known.has(key)) continue
    const near = didYouMean(key, [...known])
    throw new OpenMuxError({
      code: 'bad-request',
      field: key,
      message: `There is no option "${key}".`,
      hint: near === undefined ? `Known options: ${[...known].join(', ')}.` : `Did you mean "${near}"?`,
    })
  }
}

function wrong({ field, expected, got }: Wrong): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-request',
    field,
    message: `${field} must be ${expected}, not ${shapeOf(got)}.`,
    hint: `Give ${field} as ${expected}.`,
  })
}

/** The shape of a value, never the value of a text: it may be a key pasted into the wrong place. */
function shapeOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string')
    return value.trim() === '' ? 'an empty text' : `a text of ${value.length} characters`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`
  return typeof value === 'undefined' ? 'absent' : `a value of type ${typeof value}`
}
