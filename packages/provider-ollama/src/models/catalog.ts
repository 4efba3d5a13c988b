import type { CallContext, OpenMuxError } from '@openmux/core'
import { defined } from '@openmux/http'
import { canonicalModelName, isSameModel, namesCloudModel } from '../names/model-name.js'
import type { ServerApi } from '../server-api.js'
import type { OllamaRunningModel } from '../wire/running.js'
import type { OllamaModelInfo } from '../wire/show.js'
import type { OllamaModel } from '../wire/tags.js'
import type { ModelFacts } from './model-facts.js'

/** How long the server's word is good: within it, a conversation costs no question but the chat itself. */
export const FACTS_FRESH_MS = 3_000
/** Infos kept; one is some kilobytes. */
const MOST_INFOS = 256

/** What is known of the server's models, asked for as seldom as can be. */
export interface Catalog {
  /** What a request needs to know about its model. Throws `model-not-found` with the nearest names. */
  facts(model: string, context: CallContext): Promise<ModelFacts>
  /** What `show` says, remembered by digest. */
  info(model: OllamaModel, context: CallContext): Promise<OllamaModelInfo>
  /** Notes that a model is in memory with this window now. */
  noteLoaded(name: string, contextTokens: number | undefined, now: number): void
  /** What was known of a model no longer holds. */
  forget(name: string): void
}

/** What the catalog needs beside the server. */
export interface CatalogOptions {
  readonly api: ServerApi
  /** The server is Ollama's cloud: nothing is ever loaded, all is hosted. */
  readonly isCloud: boolean
  /** Builds the error for a model that is not there. */
  readonly notFound: (model: string, installed: readonly string[]) => OpenMuxError
}

/** A catalog that knows nothing yet. */
export function createCatalog({ api, isCloud, notFound }: CatalogOptions): Catalog {
  const known = new Map<string, ModelFacts>()
  const infos = new Map<string, OllamaModelInfo>()

  const infoOf = async (
    name: string,
    digest: string | undefined,
    context: CallContext,
  ): Promise<OllamaModelInfo> => {
    const before = digest === undefined ? undefined : infos.get(digest)
    if (before !== undefined) return before
    const info = await api.show(name, context)
    if (digest !== undefined) {
      const [oldest] = infos.keys()
      if (infos.size >= MOST_INFOS && oldest !== undefined) infos.delete(oldest)
      infos.set(digest, info)
    }
    return info
  }

  const ask = async (model: string, context: CallContext): Promise<ModelFacts> => {
    const checkedAt = context.clock.now()
    if (namesCloudModel(model) || isCloud) return { name: model, info: {}, hosted: true, checkedAt }
    const running = await api.running(context)
    const loaded = running?.find(({ name }) => isSameModel(name, model))
    if (loaded?.digest !== undefined && infos.has(loaded.digest)) {
      return inMemory(loaded, await infoOf(loaded.name, loaded.digest, context), checkedAt)
    }
    const tags = await api.tags(context)
    const tag = tags.find(({ name }) => isSameModel(name, model))
    if (tag === undefined)
      throw notFound(
        model,
        tags.map(({ name }) => name),
      )
    const info = await infoOf(tag.name, tag.digest, context)
    if (loaded !== undefined)
      return inMemory({ ...loaded, ...defined({ digest: tag.digest }) }, info, checkedAt)
    const hosted = tag.remoteHost !== undefined || info.remoteHost !== undefined
    return defined({ name: tag.name, digest: tag.digest, info, hosted, checkedAt })
  }

  return {
    async facts(model, context) {
      const key = canonicalModelName(model)
      const before = known.get(key)
      if (before !== undefined && isFresh(before, context.clock.now())) return before
      const facts = await ask(model, context)
      known.set(key, facts)
      return facts
    },
    info: (model, context) => infoOf(model.name, model.digest, context),
    noteLoaded(name, contextTokens, now) {
      const key = canonicalModelName(name)
      const before = known.get(key)
      if (before !== undefined)
        known.set(key, { ...before, running: defined({ contextTokens }), checkedAt: now })
    },
    forget(name) {
      known.delete(canonicalModelName(name))
    },
  }
}

function isFresh(facts: ModelFacts, now: number): boolean {
  // A clock set back must not keep old news for ever.
  return Math.abs(now - facts.checkedAt) < FACTS_FRESH_MS
}

function inMemory(loaded: OllamaRunningModel, info: OllamaModelInfo, checkedAt: number): ModelFacts {
  const running = defined({ contextTokens: loaded.contextTokens })
  return defined({ name: loaded.name, digest: loaded.digest, info, hosted: false, running, checkedAt })
}
