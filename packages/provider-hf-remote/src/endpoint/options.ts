import type { Capabilities, EmbeddingSpace } from '@openmux/core'
import type { FetchLike } from '@openmux/http'

/** What `hfEndpoint()` takes. `url` and `task` are needed. */
export interface HfEndpointOptions {
  /** The endpoint's own address, `https://….endpoints.huggingface.cloud`; `/v1` behind it does not matter. */
  readonly url: string
  /** What the container serves: chat by the OpenAI routes of TGI, vLLM, SGLang and llama.cpp, or embeddings by TEI. */
  readonly task: 'chat' | 'embeddings'
  /** The model's name. Default: what the container says, which wakes it when it is scaled to zero. */
  readonly model?: string
  /** Default `hf-endpoint`; two endpoints in one orchestrator need two ids. */
  readonly id?: string
  /** Default: `HF_TOKEN`, when the address is one of Hugging Face or of this machine. A public endpoint needs none. */
  readonly token?: string
  /** Longest wait for a replica to start, ms; the deadline of a request ends it earlier. 0: no wait. Default 600,000. */
  readonly scaleUpTimeoutMs?: number
  /**
   * `poll`: 503 is asked again with growing pauses, and loading is reported. `hold`: the header `X-Scale-Up-Timeout`
   * asks the proxy to keep the request until a replica is there. Default `poll`.
   */
  readonly scaleUp?: 'poll' | 'hold'
  /** What the container can do, over the usual. Only for chat. */
  readonly supports?: Partial<Capabilities>
  /** How the model pools its tokens, where the container does not tell. Only for embeddings. */
  readonly pooling?: EmbeddingSpace['pooling']
  /** Used instead of undici, for instance in tests. */
  readonly fetch?: FetchLike
  /** Read once, when the provider is made. Default: `process.env` where there is one. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}
