import { type ChatRequest, OpenMuxError } from '@openmux/core'
import { can, type ModelFacts } from '../models/model-facts.js'
import { plainModelName } from '../names/model-name.js'
import { hasImages } from './messages.js'

/** Refuses with `unsupported` what the model is known not to do, before anything is loaded or sent. */
export function checkModelCan(request: ChatRequest, { info, name }: ModelFacts): void {
  const model = plainModelName(name)
  if (can(info, 'completion') === false) {
    throw unsupported(
      request.model,
      `${model} makes embeddings and does not answer.`,
      'Name a chat model: `openmux models` lists them.',
      'model',
    )
  }
  if (can(info, 'vision') === false && hasImages(request.messages)) {
    const hint =
      'Choose a model with the capability `vision`, for instance after `ollama pull qwen3-vl:2b`, or leave the image out.'
    throw unsupported(request.model, `${model} does not see images.`, hint, 'messages')
  }
  const sendsTools = request.tools !== undefined && request.tools.length > 0 && request.toolChoice !== 'none'
  if (can(info, 'tools') === false && sendsTools) {
    const hint = 'Choose a model with the capability `tools`: `ollama show NAME` lists what a model can do.'
    throw unsupported(request.model, `${model} does not call tools.`, hint, 'tools')
  }
}

/** Refuses a model of Ollama's cloud where the options or the request rule them out. */
export function checkCloudAllowed(
  facts: ModelFacts,
  allowed: boolean,
  request: { readonly model: string; readonly localOnly?: boolean },
): void {
  if (!facts.hosted || (allowed && request.localOnly !== true)) return
  const why = allowed ? 'the request must stay on this machine' : '`cloudModels` is off'
  const message = `${plainModelName(facts.name)} runs in Ollama's cloud, and ${why}.`
  throw unsupported(request.model, message, 'Choose a local model, or allow cloud models.', 'model')
}

function unsupported(model: string, message: string, hint: string, field: string): OpenMuxError {
  return new OpenMuxError({ code: 'unsupported', provider: 'ollama', model, message, hint, field })
}
