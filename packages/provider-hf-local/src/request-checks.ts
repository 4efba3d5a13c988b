import type { ChatRequest, EmbedRequest, Message } from '@openmux/core'
import { failure } from './failures.js'

/** Refuses chat requests that are malformed (`bad-request`) or ask for what this provider cannot do (`unsupported`). */
export function checkChatRequest(request: ChatRequest): void {
  const { model } = request
  if (!Array.isArray(request.messages) || request.messages.length === 0) {
    throw bad('messages', 'a list of at least one message', model)
  }
  request.messages.forEach((message, place) => checkMessage(message, `messages[${place}]`, model))
  const choice = request.toolChoice
  if ((request.tools?.length ?? 0) > 0 && choice !== 'none') throw cannot('call tools', 'tools', model)
  const format = request.responseFormat?.type ?? 'text'
  if (format !== 'text') throw cannot('be forced to answer in JSON', 'responseFormat', model)
  checkNumber(request.temperature, 'temperature', (value) => value >= 0, 'a number from 0', model)
  checkNumber(request.topP, 'topP', (value) => value > 0 && value <= 1, 'a number above 0 and up to 1', model)
  checkNumber(
    request.maxTokens,
    'maxTokens',
    (value) => Number.isSafeInteger(value) && value >= 1,
    'a whole number from 1',
    model,
  )
  checkNumber(request.seed, 'seed', Number.isSafeInteger, 'a whole number', model)
  request.stop?.forEach((stop, place) => {
    if (typeof stop !== 'string' || stop === '')
      throw bad(`stop[${place}]`, 'a text that is not empty', model)
  })
}

function checkMessage(message: Message, field: string, model: string): void {
  switch (message.role) {
    case 'system':
      return checkText(message.content, `${field}.content`, model)
    case 'assistant':
      if ((message.toolCalls?.length ?? 0) > 0)
        throw cannot('continue a conversation with tool calls', `${field}.toolCalls`, model)
      return checkText(message.content, `${field}.content`, model)
    case 'user':
      if (typeof message.content === 'string') return
      if (!Array.isArray(message.content)) throw bad(`${field}.content`, 'a text or a list of parts', model)
      message.content.forEach((part, place) => {
        if (part.type === 'image') throw cannot('see images', `${field}.content[${place}]`, model)
        checkText(part.text, `${field}.content[${place}].text`, model)
      })
      return
    case 'tool':
      throw cannot('continue a conversation with tool results', field, model)
    default:
      throw bad(`${field}.role`, "'system', 'user', 'assistant' or 'tool'", model)
  }
}

/** Refuses embedding requests likewise. */
export function checkEmbedRequest(request: EmbedRequest): void {
  if (!Array.isArray(request.inputs) || request.inputs.length === 0) {
    throw bad('inputs', 'a list of at least one text', request.model)
  }
  request.inputs.forEach((input, place) => {
    if (typeof input !== 'string' || input.trim() === '')
      throw bad(`inputs[${place}]`, 'a text that is not empty', request.model)
  })
  checkNumber(
    request.dimensions,
    'dimensions',
    (value) => Number.isSafeInteger(value) && value >= 1,
    'a whole number from 1',
    request.model,
  )
}

function checkText(value: unknown, field: string, model: string): void {
  if (typeof value !== 'string') throw bad(field, 'a text', model)
}

function checkNumber(
  value: number | undefined,
  field: string,
  fits: (value: number) => boolean,
  shape: string,
  model: string,
): void {
  if (value === undefined) return
  if (typeof value !== 'number' || !Number.isFinite(value) || !fits(value)) throw bad(field, shape, model)
}

function bad(field: string, shape: string, model: string): Error {
  return failure('bad-request', `${field} must be ${shape}.`, { field, model })
}

function cannot(what: string, field: string, model: string): Error {
  return failure('unsupported', `Models of this provider cannot ${what}.`, { field, model })
}
