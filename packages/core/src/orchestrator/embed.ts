import type { EmbedRequest, EmbedResponse } from '../contract/embed-request.js'
import { type EmbeddingSpace, embeddingSpaceId, sameSpace } from '../contract/embedding-space.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { Candidate } from '../run/candidate-queue.js'
import { estimateTokens } from '../run/estimate-usage.js'
import { attemptRecord, failOver } from '../run/failover.js'
import { checkEmbedInput } from './check-input.js'
import type { EmbedInput } from './embed-input.js'
import type { Engine, RunningRequest } from './engine.js'
import type { EmbedResult } from './results.js'

/** Vectors for texts. From the first attempt on, only candidates of its embedding space are tried. */
export async function embedTexts(engine: Engine, input: EmbedInput): Promise<EmbedResult> {
  const inputs = checkEmbedInput(input)
  const queue = engine.queue(input, 'embeddings', [])
  if (input.space !== undefined) queue.keepToSpace(embeddingSpaceId(input.space))
  const running = engine.begin(input, queue)
  try {
    let kept = input.space
    const { value, candidate, startedAt, failed } = await failOver(running.failover, async (target) => {
      const space = kept
      kept ??= target.card?.space
      queue.keepToSpace(target.card?.space === undefined ? 'not known' : embeddingSpaceId(target.card.space))
      const response = await running.scope.race(embedOnce(engine, running, input, inputs, target))
      return checked(response, inputs.length, target, space)
    })
    queue.mark('answered')
    const notice = engine.noticeOf(candidate.provider)
    return {
      provider: candidate.provider.id,
      model: value.model,
      vectors: value.vectors,
      space: value.space,
      usage: value.usage ?? {
        inputTokens: estimateTokens(inputs.join(' ')),
        outputTokens: 0,
        estimated: true,
      },
      warnings: notice === undefined ? [] : [{ kind: 'notice', message: notice }],
      attempts: [...failed, attemptRecord(candidate, startedAt, engine.clock.now())],
      decision: queue.decision(),
      durationMs: engine.clock.now() - running.scope.startedAt,
    }
  } finally {
    running.scope.end()
  }
}

async function embedOnce(
  engine: Engine,
  running: RunningRequest,
  input: EmbedInput,
  inputs: readonly string[],
  target: Candidate,
): Promise<EmbedResponse> {
  const { provider, model } = target
  if (provider.embed === undefined)
    throw new OpenMuxError({ code: 'unsupported', message: `${provider.name} does not embed.` })
  const request: EmbedRequest = {
    model,
    inputs,
    ...(input.localOnly === true && { localOnly: true }),
    ...(input.dimensions !== undefined && { dimensions: input.dimensions }),
    ...(input.purpose !== undefined && { purpose: input.purpose }),
    ...(input.providerOptions !== undefined && { providerOptions: input.providerOptions }),
  }
  return provider.embed(request, {
    signal: running.scope.signal,
    clock: engine.clock,
    ...(running.scope.deadline !== Number.POSITIVE_INFINITY && { deadline: running.scope.deadline }),
    ...(running.onProgress !== undefined && { onProgress: running.onProgress }),
  })
}

/** Vectors fail closed: the wrong number, length or space is no answer. */
function checked(
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
