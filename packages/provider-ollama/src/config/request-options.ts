import { OpenMuxError } from '@openmux/core'
import { defined, type JsonObject, objectOf, shapeOf } from '@openmux/http'
import { isCount, isKeepAlive, type KeepAlive, wireKeepAlive } from './options.js'

/** The wishes this provider understands, at `providerOptions.ollama` of a request. */
export interface OllamaRequestOptions {
  /** Window to load the model with, in tokens. */
  readonly contextTokens?: number
  readonly keepAlive?: KeepAlive
  /** Handed to the server as `think`, instead of what `reasoning` would give. */
  readonly think?: boolean | string
  /**
   * Handed to the server as `options`: `top_k`, `repeat_penalty`, `num_gpu` … (docs/modelfile.mdx). What the
   * request itself says (temperature, seed …) goes first.
   */
  readonly options?: JsonObject
}

type RequestWithOptions = {
  readonly model: string
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Reads `providerOptions.ollama`. Throws `bad-request` that names the field; unknown members are refused too. */
export function readRequestOptions(request: RequestWithOptions): OllamaRequestOptions {
  const given: unknown = request.providerOptions?.['ollama']
  if (given === undefined) return {}
  const wishes = objectOf(given)
  const fail = (member: string, value: unknown, wanted: string): never => {
    throw badWish(request.model, member, value, wanted)
  }
  if (wishes === undefined) return fail('', given, 'an object')
  const { contextTokens, keepAlive, think, options, ...others } = wishes as JsonObject &
    Partial<Record<keyof OllamaRequestOptions, unknown>>
  if (contextTokens !== undefined && !isCount(contextTokens))
    fail('.contextTokens', contextTokens, 'a whole number above 0')
  if (keepAlive !== undefined && !isKeepAlive(keepAlive))
    fail('.keepAlive', keepAlive, 'seconds, or a duration like "10m"')
  if (think !== undefined && typeof think !== 'boolean' && typeof think !== 'string')
    fail('.think', think, 'true, false or a level')
  if (options !== undefined && objectOf(options) === undefined) fail('.options', options, 'an object')
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    fail(`.${unknown}`, others[unknown], 'left out: there is contextTokens, keepAlive, think and options')
  const window = objectOf(options)?.['num_ctx']
  if (window !== undefined && !isCount(window)) fail('.options.num_ctx', window, 'a whole number above 0')
  const read: OllamaRequestOptions = wishes
  return { ...read, ...defined({ keepAlive: wireKeepAlive(read.keepAlive) }) }
}

function badWish(model: string, member: string, value: unknown, wanted: string): OpenMuxError {
  const field = `providerOptions.ollama${member}`
  return new OpenMuxError({
    code: 'bad-request',
    provider: 'ollama',
    model,
    field,
    message: `\`${field}\` must be ${wanted}; it is ${shapeOf(value)}.`,
  })
}
