import { inspect } from 'node:util'
import { ERROR_CODES, isOpenMuxError, type OpenMuxError } from '@openmux/core'
import { demand, show } from './violation.js'

/** What an error has to say about the call it came from. */
export interface ErrorOrigin {
  readonly provider: string
  /** Absent for calls about no single model (`models`). */
  readonly model?: string | undefined
  readonly secrets: readonly string[]
}

/**
 * `error` as the {@link OpenMuxError} it must be: with a registered code, provider, model, a
 * message and a hint, and without any key, however it is printed.
 */
export function demandTypedError(error: unknown, origin: ErrorOrigin): OpenMuxError {
  demand(
    isOpenMuxError(error),
    () => `every failure must be an OpenMuxError, this was thrown: ${show(error)}`,
  )
  const { code, message, hint, provider, model } = error
  demand(Object.hasOwn(ERROR_CODES, code), `unknown error code ${show(code)}`)
  demand(message.trim() !== '', `the error ${code} has no message`)
  demand(hint.trim() !== '', `the error ${code} has no hint a person can act on`)
  demand(
    provider === origin.provider,
    () =>
      `the error ${code} must name its provider ${show(origin.provider)}, it names ${show(provider)}: ${message}`,
  )
  if (origin.model !== undefined && code !== 'aborted') {
    demand(
      model === origin.model,
      () =>
        `the error ${code} must name the model ${show(origin.model)}, it names ${show(model)}: ${message}`,
    )
  }
  demandNoSecrets(error, origin.secrets)
  return error
}

function demandNoSecrets(error: OpenMuxError, secrets: readonly string[]): void {
  const printed = {
    'JSON.stringify(error)': JSON.stringify(error),
    'error.stack': error.stack ?? '',
    'the printed error': inspect(error, { depth: 10, showHidden: true, maxStringLength: Infinity }),
  }
  for (const secret of secrets) {
    for (const [where, text] of Object.entries(printed)) {
      // The secret itself is left out: test reports are public.
      demand(
        !text.includes(secret),
        `${where} shows a key: pass it as \`secrets\` when you build the error (code ${error.code})`,
      )
    }
  }
}
