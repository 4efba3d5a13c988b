import { listOf, objectOf, type Received } from '../server/received-json.js'
import type { ChatScript } from './chat-script.js'
import { restAfter } from './last-assistant.js'
import { lastUserText } from './received-body.js'

/**
 * A continuation where one is due, the known answer where there is one, else an echo in two pieces; JSON where JSON is
 * asked for; a call where one is forced.
 */
export function usualAnswer(body: Received, beginning?: string, known?: string): ChatScript {
  if (body['response_format'] !== undefined) return { pieces: ['{"depthOfSea', 'InMetres":3688}'] }
  const choice = body['tool_choice']
  const name =
    objectOf(objectOf(choice)['function'])['name'] ??
    objectOf(objectOf(listOf(body['tools'])[0])['function'])['name']
  if (typeof name === 'string' && (choice === 'required' || typeof choice === 'object')) {
    return { pieces: [{ call: { name, argumentsText: '{}' } }] }
  }
  if (beginning !== undefined) return { pieces: piecesOf(restAfter(beginning, known)) }
  if (known !== undefined) return { pieces: piecesOf(known) }
  return { pieces: ['You said: ', lastUserText(body).slice(0, 500) || 'nothing'] }
}

/** Two pieces that are not empty, as far as the text goes. */
function piecesOf(text: string): readonly string[] {
  return [text.slice(0, 5), text.slice(5)].filter((piece) => piece !== '')
}
