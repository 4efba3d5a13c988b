import type { ChatEvent } from '../contract/chat-event.js'
import { OpenMuxError } from '../errors/openmux-error.js'

/** Most characters of an answer, thinking and calls included: some ten times what the longest models write. */
const MOST_CHARACTERS = 32 * 1024 * 1024

/** Counts an answer while it comes: one that never ends would fill the memory, long before the deadline. */
export class AnswerSize {
  #characters = 0

  /** Throws `too-large` for the piece that is too much. */
  add(event: ChatEvent): void {
    this.#characters += charactersOf(event)
    if (this.#characters <= MOST_CHARACTERS) return
    throw new OpenMuxError({
      code: 'too-large',
      fault: 'target',
      scope: 'model',
      message: `The answer has more than ${MOST_CHARACTERS / 1024 / 1024} million characters and goes on.`,
      hint: 'Something is wrong with the server or its model. Ask another one, or limit the answer with maxTokens.',
    })
  }
}

/** Calls count with their ids: also empty ones are kept. */
function charactersOf(event: ChatEvent): number {
  if (event.type === 'text' || event.type === 'reasoning') return event.text.length
  return event.type === 'tool-call' ? event.argumentsText.length + event.id.length : 0
}
