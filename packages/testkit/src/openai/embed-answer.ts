import { HttpResponse } from 'msw'
import { scriptedVector } from '../scripted/scripted-vectors.js'
import type { Received } from '../server/received-json.js'
import { refuse } from './request-refusals.js'

/** How the double's embeddings misbehave. */
export interface EmbedFaults {
  /** The last vector is left out. */
  readonly dropsVector: boolean
  /** The vectors come in reverse, each with its index: allowed by the format, and done by servers that batch. */
  readonly reversed: boolean
}

/** Most texts in one request (openai-openapi 2.3.0). */
const MAX_INPUTS = 2_048

/** Vectors for a body of `POST /embeddings`, as numbers or base64 (openai-node src/resources/embeddings.ts). */
export function embedAnswer(body: Received, faults: EmbedFaults): Response {
  const { input, dimensions, model } = body
  const inputs: readonly unknown[] = Array.isArray(input) ? input : [input]
  if (
    inputs.length === 0 ||
    inputs.length > MAX_INPUTS ||
    !inputs.every((text) => typeof text === 'string' && text !== '')
  ) {
    return refuse(
      400,
      "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
    )
  }
  const vectors = inputs.map((text) => shortened(scriptedVector(String(text)), dimensions))
  const wanted = body['encoding_format'] ?? 'float'
  const entries = vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: wanted === 'base64' ? base64(vector) : vector,
  }))
  const kept = faults.dropsVector ? entries.slice(0, -1) : entries
  const tokens = inputs.reduce<number>((sum, text) => sum + Math.max(1, String(text).split(/\s+/).length), 0)
  return HttpResponse.json({
    object: 'list',
    data: faults.reversed ? kept.toReversed() : kept,
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  })
}

/** The first numbers, brought back to length 1, as OpenAI does it. */
function shortened(vector: readonly number[], dimensions: unknown): readonly number[] {
  if (typeof dimensions !== 'number') return vector
  const short = vector.slice(0, dimensions)
  const norm = Math.hypot(...short)
  return short.map((number) => number / norm)
}

function base64(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64')
}
