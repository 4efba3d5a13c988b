import type { GenerationOptions } from '../contract/chat-request.js'
import type { Message } from '../contract/message.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { didYouMean } from '../plan/spelling.js'
import type { ChatInput, RoutingOptions } from './chat-input.js'
import type { EmbedInput } from './embed-input.js'
import { checkMessage } from './check-message.js'
import { checkTools } from './check-tools.js'
import { checkNumber, checkOneOf, checkSwitch, checkTexts, isFields, wrong } from './input-faults.js'

const ROUTING_KEYS = [
  'provider',
  'model',
  'prefer',
  'localOnly',
  'zeroCost',
  'minContextTokens',
  'languages',
  'lastResort',
  'policy',
  'maxAttempts',
  'impatient',
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
  'onBreak',
  'hedge',
  'history',
  'onOtherModel',
  'stopLoops',
])
const EMBED_KEYS: ReadonlySet<string> = new Set([
  ...ROUTING_KEYS,
  'input',
  'dimensions',
  'purpose',
  'space',
  'providerOptions',
])

const FORMATS = ['text', 'json', 'json-schema']
const EFFORTS = ['off', 'low', 'medium', 'high']

/** The conversation of a checked chat input. Throws `bad-request` naming the field that is wrong. */
export function checkChatInput(input: ChatInput): readonly Message[] {
  checkKeys(input, CHAT_KEYS)
  if (input.prompt !== undefined && input.messages !== undefined) {
    throw wrong({ field: 'prompt', expected: 'either prompt or messages, not both', got: input.prompt })
  }
  checkNumber('temperature', input.temperature, (value) => value >= 0 && value <= 2, 'a number from 0 to 2')
  checkNumber('topP', input.topP, (value) => value > 0 && value <= 1, 'a number above 0, up to 1')
  checkNumber('maxTokens', input.maxTokens, isCount, 'a whole number above 0')
  checkNumber('seed', input.seed, Number.isSafeInteger, 'a whole number')
  checkOneOf('reasoning', input.reasoning, EFFORTS)
  checkOneOf('onBreak', input.onBreak, ['continue', 'restart', 'fail'])
  checkSwitch('hedge', input.hedge)
  checkSwitch('stopLoops', input.stopLoops)
  checkOneOf('history', input.history, ['refuse', 'trim', 'summarise'])
  checkOneOf('onOtherModel', input.onOtherModel, ['warn', 'refuse'])
  checkOneOf('task', input.task, ['chat', 'code'])
  checkTexts('stop', input.stop)
  checkFormat(input.responseFormat)
  checkRouting(input)
  checkTools(input)
  const messages = conversationOf(input)
  for (const [index, message] of messages.entries()) checkMessage(message, `messages[${index}]`)
  return messages
}

/** The texts of a checked embedding input. Throws `bad-request` naming the field that is wrong. */
export function checkEmbedInput(input: EmbedInput): readonly string[] {
  checkKeys(input, EMBED_KEYS)
  checkRouting(input)
  checkNumber('dimensions', input.dimensions, isCount, 'a whole number above 0')
  checkOneOf('purpose', input.purpose, ['query', 'document'])
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
  if (system !== undefined && typeof system !== 'string')
    throw wrong({ field: 'system', expected: 'a text', got: system })
  const conversation: readonly Message[] =
    prompt === undefined ? (messages ?? []) : [{ role: 'user', content: prompt }]
  return system === undefined ? conversation : [{ role: 'system', content: system }, ...conversation]
}

function checkFormat(format: unknown): void {
  if (format === undefined) return
  if (!isFields(format))
    throw wrong({ field: 'responseFormat', expected: '{ type: "json" } or the like', got: format })
  if (format['type'] === undefined)
    throw wrong({ field: 'responseFormat.type', expected: `one of ${FORMATS.join(', ')}`, got: undefined })
  checkOneOf('responseFormat.type', format['type'], FORMATS)
  if (format['type'] === 'json-schema' && !isFields(format['schema']))
    throw wrong({ field: 'responseFormat.schema', expected: 'a JSON Schema object', got: format['schema'] })
}

function checkRouting(input: ChatInput | EmbedInput): void {
  checkNumber('maxAttempts', input.maxAttempts, isCount, 'a whole number above 0')
  const timeouts: unknown = input.timeouts ?? {}
  if (!isFields(timeouts))
    throw wrong({ field: 'timeouts', expected: 'an object of limits in ms', got: timeouts })
  for (const key of ['totalMs', 'firstTokenMs', 'idleMs']) {
    const expected = 'a number of milliseconds, 0 for no limit'
    checkNumber(`timeouts.${key}`, timeouts[key], (value) => value >= 0, expected)
  }
  for (const key of ['provider', 'model'] as const) {
    const value: unknown = input[key]
    if (value !== undefined && (typeof value !== 'string' || value.trim() === '')) {
      throw wrong({ field: key, expected: 'a name', got: value })
    }
  }
  checkTexts('prefer', input.prefer)
  checkTexts('languages', input.languages)
  checkSwitch('impatient', input.impatient)
  checkSwitch('localOnly', input.localOnly)
  checkSwitch('zeroCost', input.zeroCost)
  checkSwitch('lastResort', input.lastResort)
  checkNumber('minContextTokens', input.minContextTokens, isCount, 'a whole number above 0')
  const signal: unknown = input.signal
  if (signal !== undefined && !(signal instanceof EventTarget && 'aborted' in signal))
    throw wrong({ field: 'signal', expected: 'an AbortSignal', got: signal })
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0
}

function checkKeys(input: unknown, known: ReadonlySet<string>): void {
  if (!isFields(input))
    throw wrong({ field: 'input', expected: 'a text or an object of options', got: input })
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
