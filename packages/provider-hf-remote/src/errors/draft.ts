import { type ErrorText, errorText, type ErrorVerdict, type FailedAnswer } from '@openmux/http'

/** A verdict before the upstream's own words are put into it. */
export type Draft = Omit<ErrorVerdict, 'message'> & { readonly message?: string }

/** The words of an answer: message, code and type in one text, to be searched. */
export function wordsOf(said: ErrorText): string {
  return `${said.message} ${said.code ?? ''} ${said.type ?? ''}`
}

/** What an answer says, whatever its envelope. */
export function saidBy(answer: FailedAnswer): ErrorText {
  return errorText(answer.json, answer.body)
}

/** The draft with the upstream's words as its message. */
export function complete(
  draft: Draft | undefined,
  answer: FailedAnswer,
  said: ErrorText,
): ErrorVerdict | undefined {
  if (draft === undefined) return undefined
  const upstreamCode = said.code ?? said.type
  const reason = said.message === '' ? 'without a reason' : said.message
  return {
    message: `HTTP ${answer.status}: ${reason}`,
    ...(upstreamCode === undefined ? {} : { upstreamCode }),
    ...draft,
  }
}
