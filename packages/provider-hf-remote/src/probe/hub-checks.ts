import type { CallContext, ProbeCheck } from '@openmux/core'
import { notChecked, probeCheck, type ProbeFinding, type ProbeQuestion } from '@openmux/core/probe'
import { foundChanged, foundGone, foundSound, objectOf, textOf } from '@openmux/http'
import { encodedId } from '../mapping/mapping-lookup.js'
import { liveFor, readMapping } from '../mapping/read-mapping.js'
import { USUAL_EMBEDDING_MODEL } from '../models/embedding-models.js'
import { readEmbeddingList } from '../models/read-embedding-list.js'
import { lacksPermission } from '../ready.js'
import type { RemoteEngine } from '../remote-engine.js'
import { ask } from './ask.js'

const MAPPING_PATH = `/api/models/${encodedId(USUAL_EMBEDDING_MODEL)}?expand[]=inferenceProviderMapping`
const LIST_PATH = '/api/models?inference_provider=hf-inference&pipeline_tag=feature-extraction&limit=100'

/** What is asked of the hub: who serves a model, what is served, whether the token is good. */
export function hubChecks(engine: RemoteEngine, context: CallContext): readonly Promise<ProbeCheck>[] {
  const { hub, token } = engine
  const check = (
    question: Pick<ProbeQuestion, 'id' | 'purpose'>,
    path: string,
    answered: (value: unknown, status: number) => ProbeFinding,
  ): Promise<ProbeCheck> =>
    probeCheck({ ...question, endpoint: `GET ${hub.baseURL}${path}` }, context, (call) =>
      ask(engine, { client: hub, call: { path }, answered }, call),
    )
  const whoami = { id: 'hub.whoami', purpose: 'the token' }
  return [
    check({ id: 'hub.mapping', purpose: 'who serves a model' }, MAPPING_PATH, mappingFinding),
    check(
      { id: 'model.embeddings', purpose: 'the embedding model taken when none is named' },
      MAPPING_PATH,
      usualModelFinding,
    ),
    check({ id: 'hub.list', purpose: 'the list of embedding models' }, LIST_PATH, listFinding),
    token.value === undefined
      ? Promise.resolve(
          notChecked(
            { ...whoami, endpoint: `GET ${hub.baseURL}/api/whoami-v2` },
            token.problem ?? 'no token is set',
          ),
        )
      : check(whoami, '/api/whoami-v2', tokenFinding),
  ]
}

function mappingFinding(value: unknown, status: number): ProbeFinding {
  const model = objectOf(value)
  const mapping = model?.['inferenceProviderMapping']
  if (textOf(model?.['id']) === undefined) return foundChanged('an answer that is no model', status)
  if (mapping !== undefined && (typeof mapping !== 'object' || mapping === null))
    return foundChanged('inferenceProviderMapping is neither a list nor an object', status)
  const servings = readMapping(value)
  // Nobody at all is a form of its own; entries that say nothing are not.
  const entries = Array.isArray(mapping) ? mapping.length : Object.keys(mapping ?? {}).length
  if (servings.length < entries || servings.some((one) => one.status === 'unknown' || one.task === 'unknown'))
    return foundChanged('entries of inferenceProviderMapping without provider, status or task', status)
  return foundSound(`${servings.length} of them for ${USUAL_EMBEDDING_MODEL}`, status)
}

function usualModelFinding(value: unknown, status: number): ProbeFinding {
  const servings = readMapping(value)
  const isServed = liveFor(servings, 'embeddings').some(({ provider }) => provider === 'hf-inference')
  if (isServed) return foundSound(`hf-inference serves ${USUAL_EMBEDDING_MODEL}`, status)
  const states = servings.map((one) => `${one.provider} ${one.status} for ${one.task}`).join(', ')
  return foundGone(
    `hf-inference does not serve ${USUAL_EMBEDDING_MODEL}: ${states === '' ? 'nobody does' : states}`,
    status,
  )
}

function listFinding(value: unknown, status: number): ProbeFinding {
  if (!Array.isArray(value)) return foundChanged('an answer that is no list', status)
  const cards = readEmbeddingList(value)
  return cards.length === 0
    ? foundChanged(`${value.length} entries, and no model with an id`, status)
    : foundSound(`${cards.length} embedding models served by hf-inference`, status)
}

/** The account is not named: reports are shown to others. */
function tokenFinding(value: unknown, status: number): ProbeFinding {
  if (textOf(objectOf(value)?.['name']) === undefined)
    return foundChanged('an answer without an account', status)
  const doubt = lacksPermission(value) ? ', but seems to lack "Make calls to Inference Providers"' : ''
  return foundSound(`the token is accepted${doubt}`, status)
}
