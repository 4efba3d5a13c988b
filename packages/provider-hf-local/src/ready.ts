import { createRequire } from 'node:module'
import { isAbsolute } from 'node:path'
import type { CallContext, ModelCard, Readiness } from '@openmux/core'
import { DEFAULT_MODELS } from './default-models.js'
import { megabytes } from './download/disk-errors.js'
import { hubAnswers } from './download/hub-client.js'
import { INSTALL_RUNTIME, throwIfAborted } from './failures.js'
import type { Settings } from './settings.js'

/** Longest wait for the hub, ms. */
const PROBE_MS = 800
/** How long an answer about the hub holds, ms. */
const PROBE_HOLDS_MS = 15_000

/** Asks whether the hub can be reached, at most every 15 s. */
export type HubProbe = (context: CallContext) => Promise<boolean>

/** A probe that has not asked yet. */
export function hubProbe(settings: Settings): HubProbe {
  let known: { readonly until: number; readonly answer: Promise<boolean> } | undefined
  return async (context) => {
    const now = context.clock.now()
    if (known === undefined || now >= known.until) {
      const timeout = new AbortController()
      const cancel = context.clock.after(PROBE_MS, () => timeout.abort())
      // Not by the caller's signal: others may wait for the same answer.
      const answer = hubAnswers(
        settings.hub,
        `${settings.chatModel}/resolve/main/config.json`,
        timeout.signal,
      ).finally(cancel)
      known = { until: now + PROBE_HOLDS_MS, answer }
    }
    return known.answer
  }
}

/** Whether the runtime can be found, without loading it (that takes 0.2 s and 100 MB). */
export function isRuntimeInstalled(specifier: string): boolean {
  if (specifier.startsWith('file:') || isAbsolute(specifier)) return true
  try {
    createRequire(import.meta.url).resolve(specifier)
    return true
  } catch (error) {
    // Packages that can only be imported are there all the same.
    return (error as { code?: unknown }).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
  }
}

/** Readiness as {@link Readiness} says: cheap, under a second, never loads or fetches a model. */
export async function readiness(
  settings: Settings,
  cards: readonly ModelCard[],
  probe: HubProbe,
  context: CallContext,
): Promise<Readiness> {
  throwIfAborted(context.signal)
  const install = `Install the runtime: ${INSTALL_RUNTIME}`
  if (!isRuntimeInstalled(settings.runtime)) {
    return {
      ready: false,
      reason: 'The runtime @huggingface/transformers is not installed.',
      remedies: [install],
    }
  }
  const there = cards.filter((card) => card.state !== 'downloadable' && card.lastResort === undefined)
  const chats = there.filter((card) => card.tasks.includes('chat'))
  if (chats.length > 0) {
    const embedders = there.length - chats.length
    return { ready: true, detail: `${chats.length} chat and ${embedders} embedding models in the cache` }
  }
  const offer = cards.find((card) => card.state === 'downloadable' && card.tasks.includes('chat'))
  const fetched = defaultsToFetch(settings)
  const copy = `Copy a model folder to ${settings.cacheFolder}/organisation/name.`
  const allowed =
    fetched === '' ? [] : [`Turn offline mode off once, so that this can be fetched: ${fetched}.`]
  const elsewhere =
    'Name a folder that has models by the option `modelFolders`, or a cache that has some by OPENMUX_CACHE.'
  if (settings.offline || offer === undefined) {
    if (there.length > 0)
      return { ready: true, detail: `${there.length} embedding models in the cache, no chat model (offline)` }
    return nothingElse(cards, 'No model is in the cache, and offline mode forbids to fetch one.', [
      ...allowed,
      copy,
      elsewhere,
    ])
  }
  const reachable = await probe(context)
  throwIfAborted(context.signal)
  const size = offer.sizeBytes === undefined ? '' : ` (about ${megabytes(offer.sizeBytes)})`
  if (reachable) return { ready: true, detail: `will download ${offer.id}${size} first` }
  if (there.length > 0)
    return {
      ready: true,
      detail: `${there.length} embedding models in the cache; no chat model, and the hub cannot be reached`,
    }
  const { host } = new URL(settings.hub.url)
  return nothingElse(cards, `No model is in the cache, and the model hub at ${host} cannot be reached.`, [
    `Connect to the internet once, so that this can be fetched: ${fetched}.`,
    copy,
    elsewhere,
  ])
}

/** Not ready, unless there is a model of last resort: then with the same way to more. */
function nothingElse(cards: readonly ModelCard[], reason: string, remedies: readonly string[]): Readiness {
  const last = cards.find((card) => card.lastResort !== undefined)
  if (last === undefined) return { ready: false, reason, remedies }
  const detail = `only ${last.id}, ${last.lastResort}: ${lowered(reason)}`
  return { ready: true, lastResort: true, detail, remedies }
}

function lowered(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`.replace(/\.$/, '')
}

/** Readiness does not know the task, and the defaults differ much in size: all are named, each with its task. */
function defaultsToFetch({ chatModel, embeddingModel }: Settings): string {
  const wanted = [
    { id: chatModel, task: 'chat' },
    { id: embeddingModel, task: 'embeddings' },
  ]
  return wanted
    .filter(({ id }) => !isAbsolute(id))
    .map(({ id, task }) => {
      const known = DEFAULT_MODELS.find((model) => model.id === id)
      const size = known === undefined ? '' : ` (about ${megabytes(known.approximateBytes)})`
      return `${id}${size} for ${task}`
    })
    .join(', ')
}
