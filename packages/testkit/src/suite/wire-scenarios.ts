import { http, HttpResponse, type RequestHandler } from 'msw'
import { streamBody } from '../server/stream-body.js'
import type { ContractScenarios } from './scenarios.js'

/** Where a provider sends what, for {@link wireScenarios}. */
export interface WirePaths {
  /** Chats and embeddings. */
  readonly inference: string | RegExp
  /** What `models()` asks for. */
  readonly list?: string | RegExp
}

const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>'
/** Enough for any limit to be met soon, small enough to be sent piece by piece. */
const PIECE = 'a'.repeat(1 << 20)
const PIECES = 4_096

/**
 * The states of the contract suite that look the same at every HTTP service: a success without a body, one of
 * a terabyte, one without an end, a web page, a redirect. `use` puts handlers in front of the others until `reset` (as of `serveHandlers`
 * and `interceptHandlers`).
 */
export function wireScenarios(
  use: (...handlers: readonly RequestHandler[]) => void,
  { inference, list }: WirePaths,
): Pick<
  ContractScenarios,
  'garbledAnswer' | 'nothingAtAll' | 'giganticAnswer' | 'endlessAnswer' | 'redirects' | 'garbledList'
> {
  const page = (): Response => HttpResponse.html(PAGE)
  const endless = (): Response =>
    new HttpResponse(streamBody(Array.from({ length: PIECES }, () => PIECE)), {
      headers: { 'content-type': 'text/event-stream' },
    })
  const gigantic = (): Response =>
    new HttpResponse(streamBody(['{'], 'stall'), {
      headers: { 'content-type': 'application/json', 'content-length': String(2 ** 40) },
    })
  return {
    garbledAnswer: () => use(http.post(inference, page)),
    nothingAtAll: () =>
      use(
        http.post(inference, () => new HttpResponse('', { headers: { 'content-type': 'application/json' } })),
      ),
    giganticAnswer: () => use(http.post(inference, gigantic)),
    endlessAnswer: () => use(http.post(inference, endless)),
    redirects: ({ location }) =>
      use(http.post(inference, () => new HttpResponse(null, { status: 307, headers: { location } }))),
    ...(list === undefined ? {} : { garbledList: () => use(http.all(list, page)) }),
  }
}
