import { OpenMuxError, TASKS } from '@openmux/core'
import { checkOptionNames } from '@openmux/core/names'
import { objectOf, shapeOf, textOf } from '@openmux/http'
import type { OpenAICompatibleOptions } from './options.js'

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** Every option, so that a misspelt one is told. */
const OPTIONS = {
  id: true,
  name: true,
  aliases: true,
  baseURL: true,
  apiKey: true,
  apiKeyVariable: true,
  requiresKey: true,
  allowInsecureKey: true,
  headers: true,
  models: true,
  preset: true,
  locality: true,
  tasks: true,
  supports: true,
  fetch: true,
  transport: true,
  hooks: true,
  lifecycle: true,
  embedBatch: true,
  usageWaitMs: true,
  environment: true,
} satisfies Record<keyof OpenAICompatibleOptions, true>

/** Throws `bad-config` for an option of the wrong shape; the error names it. Address, key and headers are checked by the HTTP client. */
export function checkOptions(options: OpenAICompatibleOptions): void {
  checkOptionNames('openaiCompatible', options, OPTIONS)
  const { id, name, embedBatch, usageWaitMs, tasks, models, locality } = options
  if (id !== undefined && (typeof id !== 'string' || !ID.test(id)))
    throw badOption('id', id, 'lower case words joined by "-"')
  if (name !== undefined && textOf(name) === undefined) throw badOption('name', name, 'a text')
  for (const text of ['baseURL', 'apiKey', 'apiKeyVariable'] as const) {
    if (options[text] !== undefined && typeof options[text] !== 'string')
      throw badOption(text, options[text], 'a text')
  }
  if (locality !== undefined && locality !== 'local' && locality !== 'remote')
    throw badOption('locality', locality, 'local or remote')
  if (
    tasks !== undefined &&
    (!Array.isArray(tasks) || tasks.length === 0 || !tasks.every((task) => TASKS.includes(task)))
  ) {
    throw badOption('tasks', tasks, `a non-empty array of ${TASKS.join(', ')}`)
  }
  if (embedBatch !== undefined && !(Number.isInteger(embedBatch) && embedBatch > 0))
    throw badOption('embedBatch', embedBatch, 'a whole number above 0')
  if (usageWaitMs !== undefined && !(Number.isFinite(usageWaitMs) && usageWaitMs >= 0))
    throw badOption('usageWaitMs', usageWaitMs, 'milliseconds, 0 for no wait')
  checkModels(models)
}

function checkModels(models: unknown): void {
  if (models === undefined) return
  if (!Array.isArray(models)) throw badOption('models', models, 'an array of model ids or cards')
  for (const [index, model] of (models as readonly unknown[]).entries()) {
    const id = typeof model === 'string' ? model : objectOf(model)?.['id']
    if (textOf(id) === undefined)
      throw badOption(`models[${index}]`, model, 'a model id, or an object with an id')
  }
}

/** `bad-config`: an option is missing or wrong. */
export function badOption(field: string, value: unknown, wanted: string, hint?: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-config',
    field,
    message: `The option ${field} of openaiCompatible() must be ${wanted}; it is ${shapeOf(value)}.`,
    hint: hint ?? `Correct ${field}.`,
  })
}
