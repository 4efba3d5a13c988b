import type { CallContext, ProbeCheck } from '@openmux/core'
import { probeCheck, type ProbeFinding, routeFinding } from '@openmux/core/probe'
import { foundChanged, foundSound, objectOf } from '@openmux/http'
import { encodedId } from '../mapping/mapping-lookup.js'
import { readRouterModels } from '../models/read-router-models.js'
import type { RemoteEngine } from '../remote-engine.js'
import { ask } from './ask.js'

/** Where chats go. */
export const CHAT_PATH = '/v1/chat/completions'
/** Where texts go to be embedded. */
export const FEATURES_PATH = '/hf-inference/models/{id}/pipeline/feature-extraction'

/** A model that cannot exist: asking for it is refused, and costs nothing. */
export const NO_MODEL = 'openmux/probe-of-no-model'

/** The routes of the router. Requests name a model that nobody has and hold nothing to answer. */
export function routerChecks(engine: RemoteEngine, context: CallContext): readonly Promise<ProbeCheck>[] {
  const { router } = engine
  const at = (path: string): string => `${router.baseURL}${path}`
  const route =
    (path: string, json: object) =>
    (call: CallContext): Promise<ProbeFinding> =>
      ask(
        engine,
        {
          client: router,
          call: { method: 'POST', path, json },
          answered: (_value, status) => foundChanged('a request without a model was not refused', status),
          refused: routeFinding,
        },
        call,
      )
  return [
    probeCheck(
      { id: 'router.models', endpoint: `GET ${at('/v1/models')}`, purpose: 'the list of chat models' },
      context,
      (call) => ask(engine, { client: router, call: { path: '/v1/models' }, answered: listFinding }, call),
    ),
    probeCheck(
      { id: 'router.chat', endpoint: `POST ${at(CHAT_PATH)}`, purpose: 'chat and code', task: 'chat' },
      context,
      route(CHAT_PATH, { model: NO_MODEL, messages: [], max_tokens: 1 }),
    ),
    probeCheck(
      {
        id: 'router.feature-extraction',
        endpoint: `POST ${at(FEATURES_PATH)}`,
        purpose: 'embeddings',
        task: 'embeddings',
      },
      context,
      route(FEATURES_PATH.replace('{id}', encodedId(NO_MODEL)), {}),
    ),
  ]
}

/** By the reader that the provider itself uses: what it can no longer read has changed. */
function listFinding(value: unknown, status: number): ProbeFinding {
  const listed = objectOf(value)?.['data']
  if (!Array.isArray(listed)) return foundChanged('an answer without the list `data`', status)
  const cards = readRouterModels(value)
  if (cards.length === 0)
    return foundChanged(`${listed.length} entries, and no model with a live provider`, status)
  if (cards.every(({ price }) => price === undefined))
    return foundChanged(`${cards.length} models, and no price that can be read`, status)
  const free = cards.filter((card) => card.free).length
  return foundSound(`${cards.length} chat models, ${free} of them free`, status)
}
