export {
  callAborted,
  type CallScope,
  type CallScopes,
  createCallScopes,
  inCallScope,
} from './client/call-scopes.js'
export { isLoopback } from './client/base-url.js'
export type { HttpCall, JsonAnswer, StreamAnswer, TextAnswer } from './client/http-call.js'
export { createHttpClient, type FoundFailure, type HttpClient } from './client/http-client.js'
export type { HttpClientOptions } from './client/http-client-options.js'
export { type ErrorText, errorText } from './errors/error-text.js'
export type { ErrorExplainer, ErrorVerdict, FailedAnswer } from './errors/failed-answer.js'
export { statusVerdict } from './errors/status-verdict.js'
export { type Defined, defined } from './json/defined.js'
export {
  amountOf,
  countOf,
  type JsonObject,
  listOf,
  membersOf,
  numberOf,
  objectOf,
  objectsOf,
  positiveOf,
  textOf,
  textsOf,
} from './json/read-json.js'
export { shapeOf } from './json/shape-of.js'
export { serviceOfKey } from './keys/service-of-key.js'
export { delayFromText } from './limits/delay-from-text.js'
export { delayInBody } from './limits/delay-in-body.js'
export { type LimitHint, limitHint } from './limits/limit-hint.js'
export { headerLimits, type LimitedAnswer, type LimitReader } from './limits/limit-reports.js'
export {
  foundChanged,
  foundGone,
  foundSound,
  type ProbeRequest,
  probeRequest,
} from './probe/probe-request.js'
export { type Environment, onlyProxyVariables } from './proxy/environment.js'
export { type Arriving, arriving } from './readers/arriving.js'
export { type ProbedServer, type RouteProbes, probeRoutes, type RouteQuestion } from './probe/probe-routes.js'
export { readLines } from './readers/read-lines.js'
export { readNdjson } from './readers/read-ndjson.js'
export { readServerSentEvents } from './readers/read-server-sent-events.js'
export type { ReaderOptions } from './readers/reader-options.js'
export type { ServerSentEvent } from './readers/server-sent-event-decoder.js'
export { defaultTransport } from './transport/default-transport.js'
export { type FetchLike, fetchTransport } from './transport/fetch-transport.js'
export type { ResponseHeaders } from './transport/response-headers.js'
export type { TransportTimeouts } from './transport/timeouts.js'
export type { Transport, TransportRequest, TransportResponse } from './transport/transport.js'
export { undiciTransport, type UndiciTransportOptions } from './transport/undici-transport.js'
