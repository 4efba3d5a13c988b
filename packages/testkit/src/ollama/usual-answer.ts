import type { ReadMessage } from './chat-request.js'
import type { ChatScript } from './chat-script.js'
import { type Received, objectOf } from '../server/received-json.js'
import { tokensOf } from './token-count.js'

/** What an answer depends on beside the request. */
export interface AnswerSource {
  /** Whether the model's template leaves the last assistant message open. */
  readonly open: boolean
  /** The whole answer, when a test has set it. */
  readonly known: string | undefined
}

/**
 * What the double says on its own account: an echo of the last user message, JSON where it was asked for, a
 * continuation where the conversation ends with an assistant message that the template leaves open. Within
 * `num_predict` and `stop`.
 */
export function usualAnswer(
  body: Received,
  messages: readonly ReadMessage[],
  source: AnswerSource,
): ChatScript {
  const options = objectOf(body['options'])
  const text = stopped(wholeText(body, messages, source), options['stop'])
  const tokens = tokensOf(text)
  const limit = options['num_predict']
  const isCut = typeof limit === 'number' && limit >= 0 && tokens.length > limit
  return { pieces: isCut ? tokens.slice(0, limit) : tokens, doneReason: isCut ? 'length' : 'stop' }
}

/**
 * Whether an assistant message at the end is left open, for the model to go on. Templates without `.Messages` end
 * where `.Response` stands, which is appended where it is missing; others have to ask for the last message themselves
 * (ollama/ollama v0.24.0 template/template.go, Parse and Execute [verified]; the same compared with a real server by a
 * test of the provider).
 */
export function leavesOpen(template: string): boolean {
  return !template.includes('.Messages') || /\$last\b|\.Last\b|eq \(len/.test(template)
}

function wholeText(body: Received, messages: readonly ReadMessage[], { open, known }: AnswerSource): string {
  const format = body['format']
  if (format === 'json') return '{"answer":"The sea is wide."}'
  if (typeof format === 'object' && format !== null) return JSON.stringify(valueFor(objectOf(format)))
  const last = messages.at(-1)
  if (open && last?.role === 'assistant')
    return known?.startsWith(last.content) === true ? known.slice(last.content.length) : ' and so it goes on.'
  if (known !== undefined) return known
  const asked = messages.findLast(({ role }) => role === 'user')?.content ?? ''
  return `You said: ${asked}`
}

/** The simplest value that a JSON Schema allows, for the types that tests use. */
function valueFor(schema: Received): unknown {
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  switch (schema['type']) {
    case 'object':
      return Object.fromEntries(
        Object.entries(objectOf(schema['properties'])).map(([name, part]) => [
          name,
          valueFor(objectOf(part)),
        ]),
      )
    case 'array':
      return [valueFor(objectOf(schema['items']))]
    case 'number':
    case 'integer':
      return 42
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return 'text'
  }
}

function stopped(text: string, stop: unknown): string {
  const ends = (Array.isArray(stop) ? stop : [])
    .map((word) => text.indexOf(String(word)))
    .filter((at) => at >= 0)
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends))
}
