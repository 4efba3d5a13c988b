import { OpenMuxError } from '@openmux/core'
import type { ResponseHeaders } from '../transport/response-headers.js'
import { cleanUpstream, type ErrorOrigin } from './dress-error.js'
import { errorText, looksLikeHtml } from './error-text.js'

/**
 * The error for a success whose body is not what the protocol promises. Its words are not looked at: they may be
 * half of a model's answer, and a model may well write about rate limits.
 */
export function notJsonError(
  status: number,
  headers: ResponseHeaders,
  body: string,
  origin: ErrorOrigin,
): OpenMuxError {
  const page = looksLikeHtml(body) || isHtml(headers)
  return new OpenMuxError({
    code: 'bad-response',
    message: `${origin.host} answered with ${page ? `a web page (${errorText(undefined, body).message})` : describe(body)} instead of JSON.`,
    hint: page
      ? 'Something else listens at this address. Check the base URL, its port and its path.'
      : 'Check that the address belongs to the service you mean, and that nothing in between changes its answers.',
    provider: origin.provider,
    model: origin.model,
    upstream: cleanUpstream({ status, ...(body === '' ? {} : { body }) }, origin.secrets),
    secrets: origin.secrets,
  })
}

/** Whether the headers announce a web page. */
export function isHtml(headers: ResponseHeaders): boolean {
  return headers['content-type']?.trimStart().toLowerCase().startsWith('text/html') === true
}

function describe(body: string): string {
  const text = body.trim()
  if (text === '') return 'nothing'
  return /^[[{"]/.test(text) ? 'broken JSON' : 'plain text'
}
