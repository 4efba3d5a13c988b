import { OpenMuxError } from '@openmux/core'

/** Who answered, for errors. */
export interface AnswerOrigin {
  readonly provider: string
  readonly model: string
}

/** The answer ended without a finish reason. */
export function withoutFinish(origin: AnswerOrigin, started: boolean): OpenMuxError {
  return new OpenMuxError({
    code: 'truncated',
    ...origin,
    message: started
      ? `${origin.provider} ended the answer without a finish reason: it was cut.`
      : `${origin.provider} ended the answer before it began.`,
  })
}

/** The finish reason says that the answer broke, without saying why. */
export function brokenEnd(origin: AnswerOrigin, word: string): OpenMuxError {
  const gaveUp = word === 'abort' || word === 'cancelled'
  return new OpenMuxError({
    code: gaveUp ? 'truncated' : 'unavailable',
    ...origin,
    message: `${origin.provider} ended the answer with the finish reason "${word}".`,
    upstream: { status: 200, code: word },
  })
}

/** A piece of the answer is not of the format. */
export function notOfTheFormat(origin: AnswerOrigin, what: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-response',
    ...origin,
    message: `${origin.provider} sent ${what}.`,
    hint: 'Check that the base URL belongs to a server with the OpenAI format; it usually ends in /v1.',
  })
}

/** The model called a tool without saying which. */
export function namelessCall(origin: AnswerOrigin): OpenMuxError {
  return new OpenMuxError({
    code: 'model-fault',
    ...origin,
    message: 'The model made a tool call without a name.',
  })
}
