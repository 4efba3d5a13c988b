import { OpenMuxError } from '@openmux/core'
import { plainModelName } from '../names/model-name.js'

/** `context-too-long`, with the numbers that show why. */
export function contextTooLong(model: string, context: number, detail: string): OpenMuxError {
  return new OpenMuxError({
    code: 'context-too-long',
    provider: 'ollama',
    model,
    message: `The prompt does not fit into the window of ${plainModelName(model)}, ${context} tokens: ${detail}.`,
    hint: 'Shorten the conversation, set a larger `contextTokens` if the model allows it, or choose a model with a larger window.',
  })
}
