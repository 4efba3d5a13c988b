import { OpenMuxError } from '@openmux/core'
import { plainModelName } from '../names/model-name.js'
import { nearestNames } from '../names/nearest-names.js'

/** `model-not-found`, with the way to get the model and the installed names most like it. */
export function modelNotFound(model: string, installed: readonly string[]): OpenMuxError {
  const near = nearestNames(model, installed)
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
