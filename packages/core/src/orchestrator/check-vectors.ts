import type { EmbedResponse } from '../contract/embed-request.js'
import { type EmbeddingSpace, embeddingSpaceId, sameSpace } from '../contract/embedding-space.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { Candidate } from '../run/candidate.js'

/** Vectors fail closed: the wrong number, length or space is no answer. */
export function checkedVectors(
  response: EmbedResponse,
  count: number,
  target: Candidate,
  wanted: EmbeddingSpace | undefined,
): EmbedResponse {
  const { vectors, space } = response
  const about = { provider: target.provider.id, model: target.model }
  if (vectors.length !== count) {
    throw new OpenMuxError({
      ...about,
      code: 'bad-response',
      message: `${count} texts were sent, ${vectors.length} vectors came back.`,
    })
  }
  const odd = vectors.find((vector) => vector.length !== space.dimensions)
  if (odd !== undefined) {
    throw new OpenMuxError({
      ...about,
      code: 'bad-response',
      message: `A vector has ${odd.length} numbers, the space ${space.dimensions}.`,
    })
  }
  if (vectors.some((vector) => !vector.every(Number.isFinite))) {
    throw new OpenMuxError({
      ...about,
      code: 'bad-response',
      message: 'A vector holds something that is no number.',
    })
  }
  if (wanted !== undefined && !sameSpace(space, wanted)) {
    throw new OpenMuxError({
      ...about,
      code: 'unsupported',
      message: `The vectors live in ${embeddingSpaceId(space)}, not in ${embeddingSpaceId(wanted)}.`,
      hint: 'Vectors of two spaces cannot be compared. Use the model the index was made with.',
    })
  }
  return response
}
