import { isAbsolute } from 'node:path'
import type { CallContext, ProbeCheck } from '@openmux/core'
import { notChecked, probeCheck, type ProbeFinding, type ProbeQuestion } from '@openmux/core/probe'
import { DEFAULT_MODELS } from '../default-models.js'
import { chooseFiles } from '../download/choose-files.js'
import { type HubFile, type HubModel, listModel, openFile } from '../download/hub-client.js'
import { megabytes } from '../download/disk-errors.js'
import type { Settings } from '../settings.js'

/** What a repository offers to fetch. */
interface Offer {
  readonly finding: ProbeFinding
  /** The largest file of it. */
  readonly weights?: HubFile
}

/** Whether the default models can still be had: their lists of files, and one byte of the weights of the smaller. */
export async function hubChecks(settings: Settings, context: CallContext): Promise<readonly ProbeCheck[]> {
  const { hub, chatModel, embeddingModel, offline } = settings
  let weights: HubFile | undefined
  const obstacle = (id: string): string | undefined => {
    if (isAbsolute(id)) return 'it is a folder of its own'
    return offline ? 'offline mode' : undefined
  }
  const list = (id: string, question: Omit<ProbeQuestion, 'endpoint'>): Promise<ProbeCheck> => {
    const model = hubModel(id)
    const endpoint = `GET ${hub.url}/api/models/${id}/revision/${model.revision}`
    const reason = obstacle(id)
    if (reason !== undefined) {
      const address = isAbsolute(id) ? 'folder of a model' : endpoint
      return Promise.resolve(notChecked({ ...question, endpoint: address }, reason))
    }
    return probeCheck({ ...question, endpoint, secrets: secretsOf(settings) }, context, async (call) => {
      const offer = offerOf(id, (await listModel(hub, model, call)).files)
      if (id === embeddingModel) weights = offer.weights
      return offer.finding
    })
  }
  const [chat, embeddings] = await Promise.all([
    list(chatModel, {
      id: 'hub.chat-model',
      purpose: 'the chat model fetched when none is there',
    }),
    list(embeddingModel, {
      id: 'hub.embedding-model',
      purpose: 'the embedding model fetched when none is there',
    }),
  ])
  return [chat, embeddings, await downloadCheck(settings, obstacle(embeddingModel), weights, context)]
}

/** One byte, the last: shows that the storage answers, and that an interrupted download can go on. */
async function downloadCheck(
  settings: Settings,
  obstacle: string | undefined,
  weights: HubFile | undefined,
  context: CallContext,
): Promise<ProbeCheck> {
  const { hub, embeddingModel } = settings
  const model = hubModel(embeddingModel)
  const question = {
    id: 'hub.download',
    endpoint: isAbsolute(embeddingModel)
      ? 'folder of a model'
      : `GET ${hub.url}/${embeddingModel}/resolve/${model.revision}/${weights?.path ?? 'onnx/…'}`,
    purpose: 'downloads that can go on where they stopped',
    secrets: secretsOf(settings),
  }
  const { path, size } = weights ?? {}
  if (obstacle !== undefined || path === undefined || size === undefined || size === 0)
    return notChecked(question, obstacle ?? 'no file of known size is listed')
  return probeCheck(question, context, async ({ signal, clock }) => {
    const response = await openFile(hub, model, path, size - 1, signal, clock.now())
    await response.body?.cancel()
    const { status } = response
    return status === 206
      ? { verdict: 'as-expected', evidence: 'HTTP 206: a part of a file can be had', status }
      : {
          verdict: 'changed-shape',
          evidence: `HTTP ${status}: the part asked for is not what comes; downloads cannot go on`,
          status,
        }
  })
}

function offerOf(id: string, files: readonly HubFile[]): Offer {
  const known = DEFAULT_MODELS.find((model) => model.id === id)
  const chosen = chooseFiles(files, {}, 'cpu', known?.dtype)
  if ('missing' in chosen)
    return { finding: { verdict: 'changed-shape', evidence: `there is no ${chosen.missing.join(', ')}` } }
  const bytes = chosen.files.reduce((sum, file) => sum + (file.size ?? 0), 0)
  const weights = chosen.files.toSorted((one, other) => (other.size ?? 0) - (one.size ?? 0))[0]
  const finding: ProbeFinding = {
    verdict: 'as-expected',
    evidence: `${chosen.files.length} files, ${megabytes(bytes)}, dtype ${chosen.dtype}`,
  }
  return weights === undefined ? { finding } : { finding, weights }
}

function hubModel(id: string): HubModel {
  return { id, revision: DEFAULT_MODELS.find((model) => model.id === id)?.revision ?? 'main' }
}

function secretsOf({ hub }: Settings): readonly string[] {
  return hub.token === undefined ? [] : [hub.token]
}
