import type { ChatRequest } from '../contract/chat-request.js'
import { OpenMuxError, type OpenMuxErrorOptions } from '../errors/openmux-error.js'
import type { AnswerBuilder } from './answer-builder.js'
import { leakedToolCall } from './leaked-tool-call.js'

/** Judges an answer whose last event has come: what is wrong with it, or undefined when it is whole. */
export function brokenAnswer(answer: AnswerBuilder, request: ChatRequest): OpenMuxError | undefined {
  const fault = faultOf(answer, request)
  return fault === undefined ? undefined : new OpenMuxError({ ...fault, partial: answer.partial })
}

function faultOf(answer: AnswerBuilder, request: ChatRequest): OpenMuxErrorOptions | undefined {
  const calls = answer.toolCalls
  if (answer.finishReason === 'content-filter' && answer.text.trim() === '') {
    return { code: 'content-filter', message: 'The back end withheld the answer.' }
  }
  if (calls.length === 0 && answer.text.trim() === '') return emptyAnswer(answer)
  const broken = calls.find((call) => call.name === '' || !isJson(call.arguments))
  if (broken !== undefined) {
    const what =
      broken.name === ''
        ? 'a tool call without a name'
        : `a call of ${broken.name} whose arguments are not JSON`
    return { code: 'model-fault', message: `The model made ${what}.` }
  }
  const leaked = calls.length === 0 ? leakedToolCall(answer.text, request.tools) : undefined
  if (leaked !== undefined) {
    return {
      code: 'model-fault',
      message: `The model called ${leaked} in the text of its answer instead of making a tool call.`,
      hint: 'Use a model, or a server, that knows how this model calls tools.',
    }
  }
  const wantsJson = request.responseFormat !== undefined && request.responseFormat.type !== 'text'
  if (wantsJson && calls.length === 0 && !isJson(answer.text)) {
    if (answer.finishReason === 'length') {
      return {
        code: 'truncated',
        message: 'The token limit was reached in the middle of the JSON.',
        hint: 'Raise maxTokens, or ask for less.',
      }
    }
    return { code: 'model-fault', message: 'The model was asked for JSON and wrote something else.' }
  }
  return undefined
}

function emptyAnswer(answer: AnswerBuilder): OpenMuxErrorOptions {
  if (answer.finishReason === 'length') {
    return {
      code: 'bad-response',
      scope: 'model',
      message: 'The token limit was reached before the answer began.',
      hint:
        answer.reasoning === ''
          ? 'Raise maxTokens.'
          : 'Raise maxTokens, or turn thinking off with reasoning: "off".',
    }
  }
  return { code: 'bad-response', scope: 'model', message: 'The answer is empty.' }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
