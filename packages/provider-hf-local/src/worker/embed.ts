import { encodeWithin } from './count-tokens.js'
import { Cancelled, WorkerProblem } from './failure.js'
import type { Loaded } from './load.js'
import { normalize, pool } from './pooling.js'
import type { EmbedOrder } from './protocol.js'
import type { Runtime, RuntimeTensor } from './runtime.js'

/** Vectors of all inputs, one after the other. */
export interface Embedded {
  readonly data: Float32Array
  readonly dimensions: number
  readonly inputTokens: number
}

/** Turns texts into vectors. Nothing is computed unless every input fits into the window. */
export async function embed(
  runtime: Runtime,
  loaded: Loaded,
  order: EmbedOrder,
  cancelled: () => boolean,
): Promise<Embedded> {
  const rows = order.inputs.map((text, input) =>
    encodeWithin(loaded.tokenizer, text, {
      limit: order.contextTokens,
      specialTokens: true,
      what: `Input ${input}`,
      input,
    }),
  )
  const parts: Float32Array[] = []
  let dimensions = 0
  for (let start = 0; start < rows.length; start += order.batchSize) {
    if (cancelled()) throw new Cancelled()
    const part = await embedBatch(runtime, loaded, rows.slice(start, start + order.batchSize), order)
    dimensions = part.dimensions
    parts.push(part.data)
  }
  const data = new Float32Array(rows.length * dimensions)
  let place = 0
  for (const part of parts) {
    data.set(part, place)
    place += part.length
  }
  if (order.normalize) normalize(data, dimensions)
  return { data, dimensions, inputTokens: rows.reduce((sum, row) => sum + row.length, 0) }
}

async function embedBatch(
  runtime: Runtime,
  { model }: Loaded,
  rows: readonly (readonly number[])[],
  order: EmbedOrder,
): Promise<{ data: Float32Array; dimensions: number }> {
  const texts = rows.length
  const tokens = Math.max(1, ...rows.map((row) => row.length))
  const ids = new BigInt64Array(texts * tokens).fill(BigInt(padToken(model.config)))
  const mask = new BigInt64Array(texts * tokens)
  rows.forEach((row, text) => {
    row.forEach((id, token) => {
      ids[text * tokens + token] = BigInt(id)
      mask[text * tokens + token] = 1n
    })
  })
  const dims = [texts, tokens]
  const inputs: Record<string, RuntimeTensor> = {
    input_ids: new runtime.Tensor('int64', ids, dims),
    attention_mask: new runtime.Tensor('int64', mask, dims),
  }
  const names = Object.values(model.sessions).flatMap((session) => session.inputNames)
  // Everything is the first sentence. The library feeds what the graph names and warns about more.
  if (names.includes('token_type_ids')) {
    inputs['token_type_ids'] = new runtime.Tensor('int64', new BigInt64Array(texts * tokens), dims)
  }
  const outputs = await model(inputs)
  const pooled = outputs['sentence_embedding']
  if (pooled !== undefined && pooled.dims.length === 2) return whole(pooled, texts)
  const vectors = outputs['last_hidden_state'] ?? outputs['token_embeddings'] ?? outputs['logits']
  const dimensions = vectors?.dims[2]
  if (vectors === undefined || dimensions === undefined || !(vectors.data instanceof Float32Array)) {
    throw new WorkerProblem({
      kind: 'bad-output',
      message: `outputs are ${Object.keys(outputs).join(', ')}; none is token vectors`,
    })
  }
  const data = pool(
    { data: vectors.data, texts, tokens, dimensions },
    Array.from(mask, Number),
    order.pooling,
  )
  return { data: finite(data), dimensions }
}

function whole(tensor: RuntimeTensor, texts: number): { data: Float32Array; dimensions: number } {
  if (!(tensor.data instanceof Float32Array))
    throw new WorkerProblem({ kind: 'bad-output', message: 'vectors are not float32' })
  return { data: finite(Float32Array.from(tensor.data)), dimensions: tensor.data.length / texts }
}

function finite(data: Float32Array): Float32Array {
  if (data.every(Number.isFinite)) return data
  throw new WorkerProblem({
    kind: 'bad-output',
    message: 'the model computed a vector that is not finite; try another dtype',
  })
}

function padToken(config: Readonly<Record<string, unknown>>): number {
  const token = config['pad_token_id']
  return typeof token === 'number' && token >= 0 ? token : 0
}
