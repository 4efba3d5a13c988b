import { type CallContext, OpenMuxError } from '@openmux/core'
import { type CallScopes, type HttpClient, inCallScope } from '@openmux/http'
import type { Settings } from './settings.js'
import type { SpaceMemory } from './space.js'

/** The parts of one provider, made once and shared by its members. */
export interface Engine {
  readonly settings: Settings
  readonly client: HttpClient
  readonly scopes: CallScopes
  readonly spaces: SpaceMemory
}

/** Runs `work` as a call of its own: it ends with the caller or with the provider. */
export function asCall<T>(
  { scopes }: Engine,
  context: CallContext,
  model: string | undefined,
  work: (context: CallContext) => Promise<T>,
): Promise<T> {
  return inCallScope(scopes, context, model, work)
}

/** Refuses with `auth` what cannot work without a key, before anything is sent. */
export function demandKey({ settings }: Engine, model?: string): void {
  if (settings.requiresKey && settings.apiKey === undefined) {
    throw new OpenMuxError({
      code: 'auth',
      provider: settings.id,
      model,
      message: `${settings.name} needs a key, and none is set.`,
      hint: keyRemedy(settings),
    })
  }
}

/** What to do about a missing key. */
export function keyRemedy({ apiKeyVariable, keyPage }: Settings): string {
  const where = keyPage === undefined ? '' : ` to a key from ${keyPage}`
  return apiKeyVariable === undefined
    ? 'Give the key as the option apiKey.'
    : `Set ${apiKeyVariable}${where}, or give the option apiKey.`
}

/** Refusals of a request made here name the provider and the model, like those of the server. */
export function named<T>({ settings }: Engine, model: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof OpenMuxError) || error.provider !== undefined) throw error
    const { code, message, hint, field } = error
    throw new OpenMuxError({ code, message, hint, field, provider: settings.id, model })
  }
}
