import type { CallContext, ModelCard } from '@openmux/core'
import { OpenMuxError } from '@openmux/core'
import { errorIn } from '../response/in-band-error.js'
import { type Engine, demandKey } from './engine.js'
import { readModelCards } from './model-card.js'

/** Longest wait for a list, ms: it costs a server nothing to make. */
const LIST_TIMEOUT_MS = 15_000

/** The cards: those the user named, else the server's list. Throws what asking throws. */
export async function listModels(engine: Engine, context: CallContext): Promise<readonly ModelCard[]> {
  const { settings, client } = engine
  if (settings.models !== undefined) return settings.models
  demandKey(engine)
  const path = modelsPath(engine)
  if (path === null) throw withoutList(engine)
  const value = await getList(engine, path, context)
  if (typeof value !== 'object' || value === null)
    throw client.failure({ status: 200, body: value, path }, context)
  return settings.hooks.readModels?.(value) ?? readModelCards(value, settings)
}

/** The answer of `GET {modelsPath}` as it came. */
export async function getList({ client }: Engine, path: string, context: CallContext): Promise<unknown> {
  const timeouts = { headersMs: LIST_TIMEOUT_MS, idleMs: LIST_TIMEOUT_MS }
  const { value, status } = await client.json({ path, context, timeouts })
  if (errorIn(value) !== undefined) throw client.failure({ status, body: value, path }, context)
  return value
}

/** Where the list is; `null`: there is none. */
export function modelsPath({ settings }: Engine): string | null {
  return settings.hooks.modelsPath === undefined ? '/models' : settings.hooks.modelsPath
}

function withoutList({ settings }: Engine): OpenMuxError {
  return new OpenMuxError({
    code: 'not-found',
    provider: settings.id,
    message: `${settings.name} has no list of models.`,
    hint: 'Name the models to use in the option models.',
  })
}
