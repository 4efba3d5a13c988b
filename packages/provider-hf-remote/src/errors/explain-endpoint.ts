import type { ErrorVerdict, FailedAnswer } from '@openmux/http'
import { limitHint, statusVerdict } from '@openmux/http'
import { complete, type Draft, saidBy, wordsOf } from './draft.js'

const PAUSED = /endpoint (?:is )?paused|\binvalid state\b/i
const FAILED = /endpoint (?:has |is )?failed|no healthy upstream/i
const BUSY = /overloaded|capacity|queue is full/i
const BATCH = /batch size \d+ > maximum allowed batch size|input validation error: `?inputs`? must be/i

/**
 * What a failed answer of a dedicated endpoint means, by its proxy or by the container behind it (TEI, TGI, vLLM);
 * undefined leaves it to the general table. Sources: hf-endpoints-documentation guides/autoscaling.md,
 * text-embeddings-inference and text-generation-inference router/src, elastic/elasticsearch#112033.
 */
export function explainEndpoint(answer: FailedAnswer): ErrorVerdict | undefined {
  const said = saidBy(answer)
  return complete(draftOf(answer, wordsOf(said)), answer, said)
}

function draftOf(answer: FailedAnswer, words: string): Draft | undefined {
  const { status } = answer
  if ((status === 400 || status === 503) && PAUSED.test(words)) {
    return {
      code: 'needs-setup',
      scope: 'endpoint',
      hint: 'The endpoint is paused. Resume it at https://endpoints.huggingface.co; a request does not wake it.',
    }
  }
  if (status === 401 || status === 403) {
    return {
      code: 'auth',
      hint: 'The endpoint wants a token of its owner (or of the organisation) that may call Inference Endpoints.',
    }
  }
  if (status === 404 && answer.json === undefined) {
    return {
      code: 'not-found',
      hint: `The container of this endpoint has no ${answer.path}. Check that the option task fits what it serves.`,
    }
  }
  if (status === 413 && BATCH.test(words)) return { code: 'too-large' }
  if (status === 503) return unavailable(answer, words)
  return undefined
}

/** 503 is the proxy while no replica runs, unless the words say that one does. */
function unavailable(answer: FailedAnswer, words: string): Draft {
  if (FAILED.test(words)) return { code: 'unavailable', scope: 'endpoint' }
  if (BUSY.test(words)) return { code: 'unavailable', next: 'here' }
  const general = statusVerdict(answer)
  const until = general.code === 'loading' ? general.until : limitHint(answer.headers, answer.now)?.until
  return {
    code: 'loading',
    scope: 'endpoint',
    hint: 'The endpoint is scaled to zero or starting, which takes minutes. Ask again, or allow more time.',
    ...(until === undefined ? {} : { until }),
  }
}
