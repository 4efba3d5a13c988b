import {
  type CallContext,
  type DiscoveredModel,
  type Discovery,
  type DiscoverOptions,
  isOpenMuxError,
  type ModelCard,
  type OpenMuxError,
} from '@openmux/core'
import { defined } from '@openmux/http'
import type { Engine } from '../engine.js'
import { listCards } from '../models/list-cards.js'
import { isSameModel } from '../names/model-name.js'
import { freeChecks } from '../probe/probe-ollama.js'
import { type Recommendation, readRecommendations } from './recommendations.js'
import { STARTERS } from './starters.js'

const SUGGESTIONS_PATH = '/api/experimental/model-recommendations'
/** Longest wait for suggestions, ms. */
const SUGGESTIONS_MS = 5_000

/** The models that are installed, and what could be pulled: by the server's own suggestions, else a few to begin with. */
export async function discoverOllama(
  engine: Engine,
  { task }: DiscoverOptions,
  context: CallContext,
): Promise<Discovery> {
  const { api, catalog, settings } = engine
  const notes: string[] = []
  const fits = ({ tasks }: Pick<ModelCard, 'tasks'>): boolean => task === undefined || tasks.includes(task)
  const [endpoints, installed, suggested] = await Promise.all([
    freeChecks(engine, context),
    unlessRefused(listCards({ api, catalog, ...settings }, context), (error) =>
      notes.push(`The installed models could not be listed: ${error.message}`),
    ),
    settings.isCloud
      ? undefined
      : unlessRefused(suggestions(engine, context), ({ code }) => {
          // That nobody is there is told already.
          if (code !== 'network' && code !== 'timeout') notes.push('This server makes no suggestions.')
        }),
  ])
  const cards = installed ?? []
  const isInstalled = (name: string): boolean => cards.some(({ id }) => isSameModel(id, name))
  const offers = settings.isCloud
    ? []
    : [...(suggested ?? []).map(suggestedModel), ...STARTERS.map(starterModel)]
  const names = new Set<string>()
  const pullable = offers.filter(({ model }) => {
    if (!fits(model) || isInstalled(model.id) || names.has(model.id)) return false
    names.add(model.id)
    return true
  })
  if (pullable.length > 0)
    notes.push('What can be pulled is a choice, not the whole library: see https://ollama.com/library.')
  return { endpoints, models: [...cards.filter(fits).map((model) => ({ model })), ...pullable], notes }
}

async function suggestions(
  { client }: Engine,
  context: CallContext,
): Promise<readonly Recommendation[] | undefined> {
  const timeouts = { headersMs: SUGGESTIONS_MS, idleMs: SUGGESTIONS_MS }
  const { value } = await client.json({ path: SUGGESTIONS_PATH, context, timeouts })
  return readRecommendations(value)
}

async function unlessRefused<T>(
  work: Promise<T>,
  tell: (error: OpenMuxError) => unknown,
): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (!isOpenMuxError(error) || error.code === 'aborted') throw error
    tell(error)
    return undefined
  }
}

function suggestedModel({ name, description, contextTokens, vramBytes }: Recommendation): DiscoveredModel {
  const memory = vramBytes === undefined ? '' : `, wants ${Math.round(vramBytes / 1e9)} GB of graphics memory`
  return {
    model: defined({
      id: name,
      tasks: ['chat', 'code'] as const,
      state: 'downloadable' as const,
      free: true,
      contextTokens,
    }),
    note: `ollama pull ${name}; suggested by Ollama${description === undefined ? '' : `: ${description}`}${memory}`,
  }
}

function starterModel({ name, tasks, sizeBytes }: (typeof STARTERS)[number]): DiscoveredModel {
  return {
    model: { id: name, tasks, state: 'downloadable', free: true, sizeBytes },
    note: `ollama pull ${name}`,
  }
}
