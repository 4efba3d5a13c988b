import type { Capabilities, ModelCard, Task } from '@openmux/core'
import { defined } from '@openmux/http'
import { embeddingSpace } from '../embed/space.js'
import { parameterCount } from '../wire/model-details.js'
import type { OllamaRunningModel } from '../wire/running.js'
import type { OllamaModelInfo } from '../wire/show.js'
import type { OllamaModel } from '../wire/tags.js'
import { can, continuesAssistant } from './model-facts.js'

/** What a card is made from. */
export interface CardSource {
  readonly model: OllamaModel
  readonly info: OllamaModelInfo
  readonly running?: OllamaRunningModel
  /** The server is the cloud itself. */
  readonly isCloud: boolean
  /** The largest window the provider will ask for. */
  readonly maxContextTokens?: number
}

/** Names of models made for code. */
const CODE = /code|coder|codestral|starcoder|devstral|codegemma|granite-code/i
/** Names and families of models that make vectors and no text, for servers that do not tell capabilities. */
const EMBEDS = /embed|minilm|(?:^|\/)bge-|(?:^|\/)gte-|(?:^|\/)e5-|arctic-embed|paraphrase/i
const EMBEDDING_FAMILIES: readonly string[] = [
  'bert',
  'nomic-bert',
  'nomic-bert-moe',
  'jina-bert-v2',
  'xlm-roberta',
]

/** What the server says about one of its models, as a card. */
export function modelCard({ model, info, running, isCloud, maxContextTokens }: CardSource): ModelCard {
  const hosted = isCloud || model.remoteHost !== undefined
  const known =
    info.capabilities === undefined && model.capabilities !== undefined
      ? { ...info, capabilities: model.capabilities }
      : info
  const embeds = can(known, 'embedding') ?? looksLikeEmbedding(model)
  const chats = can(known, 'completion') ?? !embeds
  const window = info.contextTokens ?? model.contextTokens
  const dimensions = info.embeddingLength ?? model.embeddingLength
  return defined({
    id: model.name,
    tasks: tasksOf(model.name, chats, embeds),
    state: hosted
      ? ('hosted' as const)
      : running === undefined
        ? ('installed' as const)
        : ('loaded' as const),
    contextTokens: window === undefined ? undefined : Math.min(window, maxContextTokens ?? window),
    supports: chats ? chatSupport(known) : undefined,
    // Cloud models have an allowance, and then a price that the server does not tell.
    free: !hosted,
    space:
      embeds && !hosted && dimensions !== undefined
        ? embeddingSpace(model.name, model.digest, info, dimensions)
        : undefined,
    sizeBytes: hosted ? undefined : model.sizeBytes,
    parameters: info.parameters ?? parameterCount(model.parameterSize),
    quantization: model.quantization ?? info.quantization,
  })
}

function tasksOf(name: string, chats: boolean, embeds: boolean): readonly Task[] {
  const answers: Task[] = chats ? (CODE.test(name) ? ['code', 'chat'] : ['chat', 'code']) : []
  return embeds ? [...answers, 'embeddings'] : answers
}

/** What the model's capabilities narrow down; nothing that the server did not tell. */
function chatSupport(info: OllamaModelInfo): Partial<Capabilities> {
  return defined({
    tools: can(info, 'tools'),
    vision: can(info, 'vision'),
    reasoning: can(info, 'thinking'),
    prefill: continuesAssistant(info),
  })
}

function looksLikeEmbedding({ name, family }: OllamaModel): boolean {
  return EMBEDS.test(name) || (family !== undefined && EMBEDDING_FAMILIES.includes(family))
}

/** Whether a model was made for program text, by its name. */
export function isCodeModel(name: string): boolean {
  return CODE.test(name)
}
