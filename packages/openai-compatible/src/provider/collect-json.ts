import { OpenMuxError } from '@openmux/core'
import type { StreamAnswer } from '@openmux/http'
import { type AnswerOrigin, notOfTheFormat } from '../response/broken-answer.js'

/** Most bytes of a whole answer. */
const MAX_BYTES = 64 * 1024 * 1024

/** The body of an answer that came whole. Throws `bad-response` for what is not JSON, `too-large` above 64 MiB. */
export async function collectJson(answer: StreamAnswer, origin: AnswerOrigin): Promise<unknown> {
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  for await (const chunk of answer.bytes()) {
    bytes += chunk.byteLength
    if (bytes > MAX_BYTES) {
      throw new OpenMuxError({
        code: 'too-large',
        fault: 'target',
        ...origin,
        message: `The answer of ${origin.provider} has more than ${MAX_BYTES} bytes.`,
      })
    }
    text += decoder.decode(chunk, { stream: true })
  }
  try {
    return JSON.parse(text + decoder.decode()) as unknown
  } catch {
    throw notOfTheFormat(origin, text.trim() === '' ? 'an empty answer' : 'an answer that is not JSON')
  }
}
