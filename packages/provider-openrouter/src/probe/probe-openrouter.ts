import type { CallContext, ProbeCheck, ProbeOptions } from '@openmux/core'
import { notChecked, type ProbeFinding, spendChecks, type TriedProvider } from '@openmux/core/probe'
import { foundChanged, foundGone, foundSound, type HttpClient, membersOf, probeRoutes } from '@openmux/http'
import { errorIn } from '@openmux/openai-compatible'
import type { Settings } from '../config/settings.js'
import { judgeQuota } from '../key/ready.js'
import { quotaOf } from '../key/quota.js'
import { readModels } from '../models/openrouter-model.js'

/** A model that cannot exist: asking for it is refused with 400, and counts against no quota. */
const NO_MODEL = 'openmux/probe-of-no-model'

/** The parts of one provider that a probe needs. */
export interface Probed {
  readonly client: HttpClient
  readonly settings: Settings
  readonly provider: TriedProvider
}

/**
 * What this package believes about OpenRouter, asked one by one. The lists and the status of a key count against no
 * limit (OpenRouterTeam/docs api_reference/limits.mdx); the routes are asked for a model that does not exist.
 */
export async function probeOpenRouter(
  { client, settings, provider }: Probed,
  { spend }: ProbeOptions,
  context: CallContext,
): Promise<readonly ProbeCheck[]> {
  const free = await Promise.all(freeChecks(client, settings.apiKey !== undefined, context))
  const { baseURL } = client
  const endpoints = { chat: `POST ${baseURL}/chat/completions`, embeddings: `POST ${baseURL}/embeddings` }
  const obstacle = settings.apiKey === undefined ? 'no key is set' : undefined
  return [...free, ...(await spendChecks(provider, { spend, obstacle, endpoints }, context))]
}

/** The checks that cost nothing. */
export function freeChecks(
  client: HttpClient,
  hasKey: boolean,
  context: CallContext,
): readonly Promise<ProbeCheck>[] {
  const common = { client, hasKey, isInBandError: (value: unknown) => errorIn(value) !== undefined }
  const { get, refuses } = probeRoutes(common, context)
  const key = { id: 'key', purpose: 'the key and what is left of its quota' }
  return [
    get({ id: 'models', purpose: 'the list of chat models' }, '/models', modelsFinding),
    get({ id: 'models.free', purpose: 'free models for chat' }, '/models', freeModelsFinding),
    get(
      { id: 'embeddings.models', purpose: 'the list of embedding models' },
      '/embeddings/models',
      embeddingsFinding,
    ),
    hasKey
      ? get(key, '/key', (value, status) => keyFinding(value, status, context.clock.now()))
      : Promise.resolve(notChecked({ ...key, endpoint: `GET ${client.baseURL}/key` }, 'no key is set')),
    refuses({ id: 'chat', purpose: 'chat and code', task: 'chat' }, '/chat/completions', {
      model: NO_MODEL,
      messages: [],
      max_completion_tokens: 1,
    }),
    refuses({ id: 'embeddings', purpose: 'embeddings', task: 'embeddings' }, '/embeddings', {
      model: NO_MODEL,
      input: [],
    }),
  ]
}

/** By the reader that the provider itself uses, and by the members it decides by. */
function modelsFinding(value: unknown, status: number): ProbeFinding {
  const models = readModels(value, 'text')
  if (models === undefined) return foundChanged('an answer without the list `data`', status)
  if (models.length === 0) return foundChanged('no model that answers in text', status)
  const priced = models.filter(({ card }) => card.price !== undefined)
  if (priced.length === 0)
    return foundChanged(`${models.length} models, and no price that can be read`, status)
  if (models.every(({ card }) => card.supports?.tools === undefined))
    return foundChanged(`${models.length} models, and no supported_parameters that can be read`, status)
  return foundSound(`${models.length} models, ${priced.length} with a price`, status)
}

/** That there are free models is what this package is for. */
function freeModelsFinding(value: unknown, status: number): ProbeFinding {
  const models = readModels(value, 'text')
  if (models === undefined) return foundChanged('an answer without the list `data`', status)
  const free = models.filter(({ card, isRouter }) => card.free && !isRouter)
  if (free.length > 0) return foundSound(`${free.length} free models`, status)
  return foundGone(`none of ${models.length} models is free`, status)
}

function embeddingsFinding(value: unknown, status: number): ProbeFinding {
  const models = readModels(value, 'embeddings')
  return models === undefined || models.length === 0
    ? foundChanged('no embedding model that can be read', status)
    : foundSound(`${models.length} embedding models`, status)
}

function keyFinding(value: unknown, status: number, now: number): ProbeFinding {
  const quota = quotaOf(value, now)
  const key = membersOf((membersOf(value) as { readonly data?: unknown }).data)
  if (quota === undefined || !('limit' in key) || !('usage' in key))
    return foundChanged('no status of a key with limit and usage', status)
  const readiness = judgeQuota(quota, now)
  if (readiness.ready) return foundSound(readiness.detail ?? 'the key is valid', status)
  const isUsedUp = !quota.managementKey && (quota.expiresAt === undefined || quota.expiresAt > now)
  return {
    verdict: isUsedUp ? 'quota' : 'unauthorised',
    evidence: `HTTP ${status}: ${readiness.reason}`,
    status,
  }
}
