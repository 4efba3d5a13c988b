import type { CallContext, OpenMuxError, ProbeCheck } from '@openmux/core'
import { answerOf, failureFinding, notChecked, probeCheck, type ProbeFinding } from '@openmux/core/probe'
import { createHttpClient, type FetchLike, foundSound, probeRequest } from '@openmux/http'
import { ROUTER_URL } from '../config/address.js'
import { explainRouter } from '../errors/explain-router.js'
import type { RemoteEngine } from '../remote-engine.js'
import { ask, isInBandError } from './ask.js'

/** The host that was retired in November 2025. Asked without a token. */
const RETIRED_URL = 'https://api-inference.huggingface.co'

/** `host:port` of the retired host. */
export const RETIRED_HOST = 'api-inference.huggingface.co:443'

/** A model that really exists, so that an address that serves models again can say so. Nothing is given to answer. */
const MODEL = 'microsoft/DialoGPT-medium'

/** The forms that were tried on the router on 10 November 2025 and answered 404, and the old path on the new host. */
const FORMS = [
  { id: 'retired.root', path: '/hf-inference', purpose: 'tried in November 2025: the bare path', json: {} },
  {
    id: 'retired.models',
    path: `/hf-inference/models/${MODEL}`,
    purpose: 'tried in November 2025: /models/{id}, without a task',
    json: {},
  },
  {
    id: 'retired.id',
    path: `/hf-inference/${MODEL}`,
    purpose: 'tried in November 2025: the model in the path',
    json: {},
  },
  {
    id: 'retired.body',
    path: '/hf-inference',
    purpose: 'tried in November 2025: the model in the body',
    json: { model: MODEL },
  },
  { id: 'retired.old-path', path: `/models/${MODEL}`, purpose: 'the path of the old host', json: {} },
] as const

/** Whether this router is Hugging Face's own, and not a stand-in that has no past. */
export function isOwnRouter({ router }: RemoteEngine): boolean {
  return router.baseURL === ROUTER_URL
}

const READING = {
  answered: (_value: unknown, status: number) => foundSound('it answers', status),
  refused: retiredFinding,
}

/** Addresses this package believes to be gone. One that works again is news. */
export function retiredChecks(
  engine: RemoteEngine,
  fetch: FetchLike | undefined,
  context: CallContext,
): readonly Promise<ProbeCheck>[] {
  const { router } = engine
  return [
    retiredHostCheck(engine, fetch, context),
    ...FORMS.map(({ id, path, purpose, json }) =>
      probeCheck(
        { id, endpoint: `POST ${router.baseURL}${path}`, purpose, expected: 'gone' },
        context,
        (call) => ask(engine, { client: router, call: { method: 'POST', path, json }, ...READING }, call),
      ),
    ),
  ]
}

async function retiredHostCheck(
  engine: RemoteEngine,
  fetch: FetchLike | undefined,
  context: CallContext,
): Promise<ProbeCheck> {
  const path = `/models/${MODEL}`
  const question = {
    id: 'retired.host',
    endpoint: `POST ${RETIRED_URL}${path}`,
    purpose: 'the host that was retired in November 2025',
    expected: 'gone',
  } as const
  if (!isOwnRouter(engine)) return notChecked(question, 'the router is not that of Hugging Face')
  const client = createHttpClient({
    provider: engine.id,
    baseURL: RETIRED_URL,
    explain: explainRouter,
    environment: engine.environment,
    ...(fetch === undefined ? {} : { fetch }),
  })
  try {
    return await probeCheck(question, context, (call) =>
      probeRequest(
        { client, hasKey: false, call: { method: 'POST', path, json: {} }, isInBandError, ...READING },
        call,
      ),
    )
  } finally {
    await client.close()
  }
}

/**
 * A retired address works again when it looks at the request itself: misses its inputs, for instance. Not when it says
 * that it does not know the path or does not serve the model.
 */
function retiredFinding(error: OpenMuxError): ProbeFinding {
  if (error.code === 'bad-request') return { verdict: 'as-expected', ...answerOf(error) }
  return error.code === 'unsupported' ? { verdict: 'gone', ...answerOf(error) } : failureFinding(error)
}
