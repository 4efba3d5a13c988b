import type { CallContext, ProbeCheck, ProbeOptions } from '@openmux/core'
import {
  notChecked,
  probeCheck,
  type ProbeFinding,
  spendChecks,
  type TriedProvider,
} from '@openmux/core/probe'
import { foundChanged, foundSound, objectOf, probeRequest, probeRoutes, textOf } from '@openmux/http'
import type { Engine } from '../engine.js'
import { isInBandError } from '../wire/in-band-error.js'
import { readRunning } from '../wire/running.js'
import { readShow } from '../wire/show.js'
import { type OllamaModel, readTags } from '../wire/tags.js'

/** A name that no library has: asking for it is 404 in JSON on routes that exist, and loads nothing. */
const NO_MODEL = 'openmux-probe-of-no-model'

/**
 * What this package believes about an Ollama server, asked one by one. Nothing is loaded and nothing generated without
 * `spend`: the routes are asked for a model that does not exist (Ollama server/routes.go, ChatHandler, EmbedHandler).
 */
export async function probeOllama(
  engine: Engine,
  provider: TriedProvider,
  { spend }: ProbeOptions,
  context: CallContext,
): Promise<readonly ProbeCheck[]> {
  const { client, settings } = engine
  const endpoints = {
    chat: `POST ${client.baseURL}/api/chat`,
    embeddings: `POST ${client.baseURL}/api/embed`,
  }
  const obstacle = settings.isCloud && !settings.hasKey ? 'no key is set' : undefined
  const free = await freeChecks(engine, context)
  return [...free, ...(await spendChecks(provider, { spend, obstacle, endpoints }, context))]
}

/** The checks that load nothing. */
export async function freeChecks(engine: Engine, context: CallContext): Promise<readonly ProbeCheck[]> {
  const { client, settings } = engine
  const { isCloud } = settings
  // A local server asks for no key; the cloud does.
  const common = { client, hasKey: !isCloud || settings.hasKey, isInBandError }
  let models: readonly OllamaModel[] = []
  const { get, refuses } = probeRoutes(common, context)

  const tags = get({ id: 'tags', purpose: 'the models it has' }, '/api/tags', (value, status) => {
    models = readTags(value) ?? []
    return tagsFinding(value, status)
  })
  const version = { id: 'version', purpose: 'the version' }
  const running = { id: 'ps', purpose: 'the models in memory' }
  const ofCloud = 'the cloud has none'
  const cheap = await Promise.all([
    isCloud
      ? notChecked({ ...version, endpoint: `GET ${client.baseURL}/api/version` }, ofCloud)
      : get(version, '/api/version', versionFinding),
    tags,
    isCloud
      ? notChecked({ ...running, endpoint: `GET ${client.baseURL}/api/ps` }, ofCloud)
      : get(running, '/api/ps', runningFinding),
    refuses({ id: 'chat', purpose: 'chat and code', task: 'chat' }, '/api/chat', {
      model: NO_MODEL,
      messages: [],
    }),
    refuses({ id: 'embed', purpose: 'embeddings', task: 'embeddings' }, '/api/embed', {
      model: NO_MODEL,
      input: '',
    }),
  ])
  return [...cheap, await showCheck(engine, models[0], context)]
}

/** What a model can do is told by `show` alone on most servers. */
async function showCheck(
  { client, settings }: Engine,
  model: OllamaModel | undefined,
  context: CallContext,
): Promise<ProbeCheck> {
  const path = '/api/show'
  const question = { id: 'show', endpoint: `POST ${client.baseURL}${path}`, purpose: 'what a model can do' }
  if (model === undefined) return notChecked(question, 'no model is there to be asked about')
  const call = { method: 'POST', path, json: { model: model.name }, model: model.name } as const
  const hasKey = !settings.isCloud || settings.hasKey
  return probeCheck(question, context, (inner) =>
    probeRequest({ client, hasKey, isInBandError, call, answered: showFinding }, inner),
  )
}

function versionFinding(value: unknown, status: number): ProbeFinding {
  const version = textOf(objectOf(value)?.['version'])
  return version === undefined
    ? foundChanged('an answer without a version', status)
    : foundSound(`version ${version}`, status)
}

function tagsFinding(value: unknown, status: number): ProbeFinding {
  const models = readTags(value)
  const listed = objectOf(value)?.['models']
  if (models === undefined) return foundChanged('an answer without the list `models`', status)
  const entries = Array.isArray(listed) ? listed.length : 0
  if (models.length < entries) return foundChanged(`${entries - models.length} models without a name`, status)
  if (
    models.some(
      ({ digest, sizeBytes, remoteHost }) => remoteHost === undefined && (digest ?? sizeBytes) === undefined,
    )
  )
    return foundChanged('models with neither digest nor size', status)
  return foundSound(`${models.length} ${models.length === 1 ? 'model' : 'models'}`, status)
}

function runningFinding(value: unknown, status: number): ProbeFinding {
  const running = readRunning(value)
  return running === undefined
    ? foundChanged('an answer without the list `models`', status)
    : foundSound(`${running.length} in memory`, status)
}

function showFinding(value: unknown, status: number): ProbeFinding {
  const info = readShow(value)
  if (info === undefined || info.architecture === undefined)
    return foundChanged('an answer without the architecture of the model', status)
  if (info.contextTokens === undefined)
    return foundChanged('an answer without the window of the model', status)
  return foundSound(
    info.capabilities === undefined
      ? 'architecture and window, no capabilities (a server before 0.6.4)'
      : 'architecture, window and capabilities',
    status,
  )
}
