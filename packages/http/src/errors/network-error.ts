import { isOpenMuxError, OpenMuxError, type OpenMuxErrorOptions } from '@openmux/core'
import { errorCodeOf, messageOf } from './thrown.js'
import { connectTimeoutError, headersTimeoutError, idleTimeoutError } from './transport-failures.js'

/** Codes that say the name of the server could not be turned into an address. */
const NAME_FAILURES = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_NONAME',
  'EAI_FAIL',
  'ENODATA',
  'ESERVFAIL',
])

/** Codes that say this machine has no way out. */
const OFFLINE = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'])

/** Codes that say a connection stood and was lost. */
const LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED'])

/** Codes that say the request itself cannot be sent. */
const MALFORMED = new Set([
  'UND_ERR_INVALID_ARG',
  'ERR_INVALID_CHAR',
  'ERR_INVALID_HTTP_TOKEN',
  'ERR_INVALID_URL',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
])

/** Whether a code says that a certificate was not accepted. */
export function isOfCertificate(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code)
}

/** Whether a code says that what came was no TLS. */
export function doesNotSpeakTls(code: string): boolean {
  return (
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG'
  )
}

/**
 * What a failed request means, from whatever Node, undici, `fetch` or another runtime threw before an answer came.
 * Told apart by the stable codes of Node and undici, anywhere in the chain of causes.
 * @param host `host:port`, for the message.
 */
export function networkError(thrown: unknown, host: string): OpenMuxError {
  if (isOpenMuxError(thrown)) return thrown
  const code = errorCodeOf(thrown)
  // The runtime's own limits; ours are reported where they are set.
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return connectTimeoutError(host, undefined, thrown)
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return headersTimeoutError(host, undefined, thrown)
  if (code === 'UND_ERR_BODY_TIMEOUT') return idleTimeoutError(host, undefined, thrown)
  return new OpenMuxError({ ...meaning(code, host, thrown), cause: thrown })
}

function meaning(code: string, host: string, thrown: unknown): OpenMuxErrorOptions {
  if (code === 'ECONNREFUSED' || code === 'ConnectionRefused') {
    return {
      code: 'network',
      message: `Nothing listens at ${host}: the connection was refused.`,
      hint: 'Start the server, or correct the address and port.',
    }
  }
  if (NAME_FAILURES.has(code)) {
    return {
      code: 'network',
      scope: 'machine',
      message: `The name of ${host} could not be looked up (${code}).`,
      hint: 'Check the network and name server of this machine, and the spelling of the host.',
    }
  }
  if (OFFLINE.has(code)) {
    return {
      code: 'network',
      scope: 'machine',
      message: `This machine has no route to ${host} (${code}).`,
      hint: 'Check the network connection of this machine.',
    }
  }
  if (LOST.has(code)) {
    // Often a kept-alive connection the server had just given up: the next one usually holds.
    return { code: 'network', next: 'here', message: `${host} closed the connection without an answer.` }
  }
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return {
      code: 'bad-response',
      message: `What ${host} sends is not HTTP.`,
      hint: 'Another program listens there, or the address needs https:// instead of http://.',
    }
  }
  if (doesNotSpeakTls(code)) {
    return {
      code: 'network',
      message: `${host} does not speak TLS.`,
      hint: 'Use http:// instead of https:// if the server has no certificate.',
    }
  }
  if (isOfCertificate(code)) {
    return {
      code: 'network',
      message: `The certificate of ${host} is not trusted (${code}).`,
      hint: 'Check the address and the clock of this machine; behind a company proxy set NODE_EXTRA_CA_CERTS.',
    }
  }
  if (MALFORMED.has(code)) {
    return {
      code: 'bad-request',
      message: `The request to ${host} cannot be sent: ${messageOf(thrown)}.`,
      hint: 'Look for line breaks or control characters in headers, the key or the path.',
    }
  }
  return { code: 'network', message: `The request to ${host} failed: ${messageOf(thrown)}.` }
}
