import { defined, type ErrorExplainer, type FailedAnswer, statusVerdict } from '@openmux/http'
import { lookUp } from './error-table.js'
import type { Meaning } from './meaning.js'
import { readError, type SaidError } from './read-error.js'
import { toldWait } from './wait.js'

/** OpenRouter's frame around what an upstream said. */
const UPSTREAM_FAILED = /^provider returned error$/i

/**
 * OpenRouter's own table of errors, for statuses and for errors inside a success. What it leaves open (web pages,
 * other formats) is undefined. For "Provider returned error" the words of that provider decide, and are shown.
 */
export const explainOpenRouterError: ErrorExplainer = (answer) => {
  const said = readError(answer)
  if (said === undefined) return undefined
  const byUpstream = explainUpstream(said, answer)
  const found = byUpstream ?? lookUp(said, answer) ?? generalVerdict(said, answer)
  return { ...found, message: messageOf(said), ...defined({ upstreamCode: said.code }) }
}

/** A request that the upstream finds fault with (400, 422 …): what it says is worth more than OpenRouter's frame. */
function explainUpstream(said: SaidError, answer: FailedAnswer): Meaning | undefined {
  const { status, raw, rawText, message } = said
  if (rawText === '' || !UPSTREAM_FAILED.test(message) || ![400, 403, 404, 413, 422].includes(status))
    return undefined
  if (Array.isArray(said.metadata['reasons']) || Array.isArray(said.metadata['patterns'])) return undefined
  const json = typeof raw === 'object' ? raw : { message: rawText }
  const {
    message: _theirs,
    upstreamCode: _code,
    ...verdict
  } = statusVerdict({ ...answer, status, json, body: rawText })
  // The key of the upstream is OpenRouter's affair, not the caller's.
  if (verdict.code === 'auth' || verdict.code === 'not-found') return { code: 'unavailable', scope: 'model' }
  return verdict
}

/** By the status alone, with the wait that may stand in the metadata. */
function generalVerdict(said: SaidError, answer: FailedAnswer): Meaning {
  const {
    message: _theirs,
    upstreamCode: _code,
    until,
    ...verdict
  } = statusVerdict({ ...answer, status: said.status })
  const wait = until ?? (verdict.code === 'unavailable' ? toldWait(said, answer.now) : undefined)
  return { ...verdict, ...defined({ until: wait }) }
}

function messageOf({ status, message, upstream, rawText }: SaidError): string {
  const frame = message === '' ? 'no reason given' : message
  const by = upstream === '' ? '' : ` (${upstream})`
  const theirs = rawText === '' || message.includes(rawText) ? '' : `: ${rawText}`
  return `${status >= 300 ? `HTTP ${status}: ` : ''}${frame}${by}${theirs}`
}
