import { type ErrorCode, OpenMuxError, type OpenMuxErrorOptions } from '@openmux/core'
import type { WorkerFailure } from './worker/protocol.js'

/** The id of this provider, in cards, errors and preferences. */
export const PROVIDER_ID = 'hf-local'

/** What to type when the runtime is missing. */
export const INSTALL_RUNTIME = 'npm install @huggingface/transformers@^4'

/** A typed error of this provider. */
export function failure(
  code: ErrorCode,
  message: string,
  more: Omit<OpenMuxErrorOptions, 'code' | 'message' | 'provider'> = {},
): OpenMuxError {
  return new OpenMuxError({ code, message, provider: PROVIDER_ID, ...more })
}

/** The caller has left, or the provider was closed. */
export function aborted(model?: string): OpenMuxError {
  return failure('aborted', 'The caller left before the answer was whole.', { model })
}

/** Throws `aborted` when the caller has left. */
export function throwIfAborted(signal: AbortSignal, model?: string): void {
  if (signal.aborted) throw aborted(model)
}

/** What a failure inside the worker is to the caller. */
export function workerFailure({ kind, message, input }: WorkerFailure, model: string): OpenMuxError {
  switch (kind) {
    case 'missing-runtime':
      return missingRuntime(model)
    case 'broken-runtime':
      return failure('needs-setup', `The runtime @huggingface/transformers cannot be loaded: ${message}`, {
        model,
        scope: 'machine',
        hint: `Install it again: ${INSTALL_RUNTIME}`,
      })
    case 'broken-model':
      return failure('needs-setup', `The files of ${model} cannot be loaded: ${message}`, {
        model,
        scope: 'model',
        hint: 'Remove the model and download it again, or choose another dtype or model.',
      })
    case 'device':
      return failure('needs-setup', `The device asked for cannot be used: ${message}`, {
        model,
        scope: 'machine',
        hint: "Install what the device needs (drivers, CUDA libraries), or use device 'cpu'.",
      })
    case 'context-too-long':
      return failure('context-too-long', message, {
        model,
        field: input === undefined ? 'messages' : `inputs[${input}]`,
      })
    case 'template':
      return failure('unsupported', `The chat template of ${model} refuses this conversation: ${message}`, {
        model,
        field: 'messages',
        hint: 'Change the order or roles of the messages, or use another model.',
      })
    case 'wrong-task':
      return failure('unsupported', message, { model })
    case 'bad-output':
      return failure('model-fault', `${model} gave no usable output: ${message}`, { model })
    case 'failed':
      return failure('unavailable', `${model} failed: ${message}`, { model })
  }
}

/** The library is not installed. */
export function missingRuntime(model?: string): OpenMuxError {
  return failure(
    'needs-setup',
    'The runtime for local models, @huggingface/transformers, is not installed.',
    {
      model,
      scope: 'machine',
      hint: `Run: ${INSTALL_RUNTIME}`,
    },
  )
}
