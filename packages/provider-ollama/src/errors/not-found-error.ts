import { OpenMuxError } from '@openmux/core'
import { nearestNames } from '@openmux/core/names'
import { plainModelName } from '../names/model-name.js'

/** `model-not-found`, with the way to get the model and the installed names most like it. */
export function modelNotFound(model: string, installed: readonly string[]): OpenMuxError {
  const near = nearestNames(plainModelName(model), installed.map(plainModelName))
  const shown = near.length > 0 ? near : installed.slice(0, 5).map(plainModelName)
  const others =
    near.length > 0
      ? `Did you mean ${near.join(', ')}?`
      : shown.length > 0
        ? `Installed: ${shown.join(', ')}${installed.length > shown.length ? ' …' : ''}.`
        : 'No model is installed.'
  return new OpenMuxError({
    code: 'model-not-found',
    provider: 'ollama',
    model,
    message: `Ollama has no model ${JSON.stringify(model)}. ${others}`,
    hint: `Get it with \`ollama pull ${plainModelName(model)}\`${shown.length > 0 ? `, or name one that is there: ${shown.join(', ')}` : ''}.`,
  })
}
