import type { CallContext } from '@openmux/core'
import type { HttpClient } from '@openmux/http'
import { readMapping, type Serving } from './read-mapping.js'

/** How long an answer is believed, ms; models come and go within days, not within minutes. */
const BELIEVED_FOR = 300_000
/** Most models remembered. */
const REMEMBERED = 500
/** Longest wait for the hub, ms: it must not hold up a request for long. */
const WAIT_MS = 5_000

/** Asks the hub who serves a model, and remembers the answer. */
export interface MappingLookup {
  /** Throws what asking throws: `model-not-found` for a name nobody has, `network` … */
  servings(model: string, context: CallContext): Promise<readonly Serving[]>
}

/** A lookup over the hub's client. */
export function createMappingLookup(hub: HttpClient): MappingLookup {
  const known = new Map<string, { readonly servings: readonly Serving[]; readonly until: number }>()
  return {
    async servings(model, context) {
      const now = context.clock.now()
      const remembered = known.get(model)
      if (remembered !== undefined && now < remembered.until) return remembered.servings
      const path = `/api/models/${encodedId(model)}?expand[]=inferenceProviderMapping`
      const timeouts = { headersMs: WAIT_MS, idleMs: WAIT_MS }
      const { value } = await hub.json({ path, model, context, timeouts })
      const servings = readMapping(value)
      if (known.size >= REMEMBERED) known.clear()
      known.set(model, { servings, until: now + BELIEVED_FOR })
      return servings
    },
  }
}

/** `owner/name` in a path. */
export function encodedId(model: string): string {
  return model.split('/').map(encodeURIComponent).join('/')
}
