import { isObject, type Received } from '../server/received-json.js'
import { errorReply } from './replies.js'
import type { FullModel } from './double-model.js'
import { keyOf, type ServerState } from './server-state.js'

/** The body of a request, or the server's refusal (server/routes.go: ShouldBindJSON in each handler). */
export async function readBody(request: Request): Promise<Received | Response> {
  const text = await request.text()
  if (text === '') return errorReply(400, 'missing request body')
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    return errorReply(
      400,
      `invalid character '${text.trim()[1] ?? '}'}' looking for beginning of object key string`,
    )
  }
  return errorReply(400, 'json: cannot unmarshal array into Go value of type api.ChatRequest')
}

/** A text of JSON; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The statuses with which routes refuse a name: they differ (server/routes.go). */
export interface NameRefusals {
  /** No name given. */
  readonly missing: () => Response
  /** Words for a model that is not there. */
  readonly unknown: (name: string) => string
}

/** The model a request names, or the server's refusal. */
export function findModel(state: ServerState, name: unknown, refusals: NameRefusals): FullModel | Response {
  const given = typeof name === 'string' ? name.trim() : ''
  if (given === '') return refusals.missing()
  if (/\s/.test(given)) return errorReply(400, 'invalid model name')
  const model = state.installed.get(keyOf(given))
  return model ?? errorReply(404, refusals.unknown(given))
}

const OPTION_TYPES: Readonly<Record<string, 'integer' | 'float32' | 'array' | 'boolean'>> = {
  num_ctx: 'integer',
  num_predict: 'integer',
  num_keep: 'integer',
  num_batch: 'integer',
  num_gpu: 'integer',
  num_thread: 'integer',
  seed: 'integer',
  top_k: 'integer',
  repeat_last_n: 'integer',
  temperature: 'float32',
  top_p: 'float32',
  min_p: 'float32',
  repeat_penalty: 'float32',
  presence_penalty: 'float32',
  frequency_penalty: 'float32',
  stop: 'array',
  use_mmap: 'boolean',
}

/** The refusal of an option of a wrong type: status 500 (api/types.go, FromMap). Unknown options are passed over. */
export function wrongOption(options: Received): Response | undefined {
  for (const [name, value] of Object.entries(options)) {
    const type = OPTION_TYPES[name]
    if (type === undefined || value === null) continue
    const fits =
      type === 'array'
        ? Array.isArray(value)
        : type === 'boolean'
          ? typeof value === 'boolean'
          : typeof value === 'number'
    if (!fits) return errorReply(500, `option "${name}" must be of type ${type}`)
  }
  return undefined
}
