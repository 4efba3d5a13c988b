import type { ChatRequest, EmbedRequest, ModelCard } from '@openmux/core'
import type { ErrorExplainer, JsonObject, LimitReader } from '@openmux/http'
import type { OpenAIQuirks } from '../request/quirks.js'
import type { MetadataReader } from '../response/answer-metadata.js'

/** What is particular to one service, as plain data and functions. Every member has a default. */
export interface OpenAICompatibleHooks {
  /** The service's own error table; what it leaves open is decided by this package's and then by the general one. */
  readonly explain?: ErrorExplainer
  /** What its answers say about allowances. Default: the usual headers, each taken for a limit of the model asked for. */
  readonly limits?: LimitReader
  /** Members put into the body of a chat, over what is there; `undefined` takes one out. */
  readonly extraBody?: (request: ChatRequest) => JsonObject
  /** The same for embeddings. */
  readonly extraEmbedBody?: (request: EmbedRequest) => JsonObject
  /** Headers for one chat or embedding, beside those of the provider. */
  readonly extraHeaders?: (request: ChatRequest | EmbedRequest) => Readonly<Record<string, string>>
  /** What the service tells beside an answer. */
  readonly readMetadata?: MetadataReader
  /** The cards of `GET {modelsPath}`. Default: `readModelCards`. */
  readonly readModels?: (answer: unknown) => readonly ModelCard[]
  /** Default `/chat/completions`. */
  readonly chatPath?: string | ((model: string) => string)
  /** Default `/embeddings`. */
  readonly embedPath?: string | ((model: string) => string)
  /** Default `/models`; may have a query. `null`: the service has no list. */
  readonly modelsPath?: string | null
  /** Where the service differs from what OpenAI documents. */
  readonly quirks?: Partial<OpenAIQuirks>
}
