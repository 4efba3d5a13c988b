import { OpenMuxError } from '@openmux/core'
import type { Proxy } from '../proxy/proxy.js'
import { errorCodeOf, messageOf } from './thrown.js'

/*
 * Failures on the way to a proxy. They are this machine's and not those of the service behind: the breaker leaves it
 * alone, and what runs here goes on.
 */

/** No connection to the proxy came to stand, or it was lost before anything of the request was sent. */
export function proxyUnreachable(proxy: Proxy, thrown: unknown): OpenMuxError {
  const code = errorCodeOf(thrown)
  return new OpenMuxError({
    code: 'network',
    scope: 'machine',
    message: `${named(proxy)} could not be used: ${reasonOf(code, thrown)}.`,
    hint: `Check that the proxy runs and that ${proxy.variable} is right; without a proxy unset it. ${EXCEPTIONS}`,
    cause: thrown,
    secrets: proxy.secrets,
  })
}

/** Neither the proxy nor what lies behind it answered in time. */
export function proxyTimeout(proxy: Proxy, host: string, limitMs: number): OpenMuxError {
  return new OpenMuxError({
    code: 'timeout',
    phase: 'connect',
    scope: 'machine',
    message: `${named(proxy)} gave no connection to ${host} within ${Math.round(limitMs)} ms.`,
    hint: `Check that the proxy runs and that ${proxy.variable} is right, or allow more time to connect. ${EXCEPTIONS}`,
    secrets: proxy.secrets,
  })
}

/** The proxy answered, and did not let the request through. */
export function proxyRefused(proxy: Proxy, host: string, status: number): OpenMuxError {
  const { secrets } = proxy
  if (status === 407) {
    const asked = proxy.authorization === undefined
    return new OpenMuxError({
      code: 'needs-setup',
      scope: 'machine',
      field: proxy.variable,
      message: `${named(proxy)} ${asked ? 'asks for user and password' : 'does not accept this user and password'} (status 407).`,
      hint: `Put them into ${proxy.variable} in front of the host, as user:password@${proxy.host}; write @ as %40 and : as %3A.`,
      secrets,
    })
  }
  const message = `${named(proxy)} does not let requests through to ${host} (status ${status}).`
  // It says that it could not reach the service: then it is the service that should be left alone for a while.
  if (status >= 500) return new OpenMuxError({ code: 'network', message, hint: EXCEPTIONS, secrets })
  return new OpenMuxError({
    code: 'needs-setup',
    message,
    hint: `Have ${host} allowed at the proxy. ${EXCEPTIONS}`,
    secrets,
  })
}

/** A failure after the request was sent: whose it is cannot be told from here. */
export function afterProxy(error: OpenMuxError, proxy: Proxy): OpenMuxError {
  const { name: _name, stack: _stack, ...fields } = error
  return new OpenMuxError({
    ...fields,
    message: error.message,
    hint: `${error.hint} The request went by the proxy ${proxy.host} that ${proxy.variable} names.`,
    cause: error.cause,
    secrets: proxy.secrets,
  })
}

const EXCEPTIONS = 'Hosts listed in NO_PROXY are asked directly.'

function named({ host, variable }: Proxy): string {
  return `The proxy ${host} that ${variable} names`
}

function reasonOf(code: string, thrown: unknown): string {
  if (code === 'ECONNREFUSED') return 'the connection was refused'
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT' || code === 'UND_ERR_HEADERS_TIMEOUT')
    return 'it did not answer in time'
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') return 'it closed the connection'
  if (code.startsWith('HPE_')) return 'what it sends is not HTTP'
  return code === '' ? messageOf(thrown) : `${messageOf(thrown)} (${code})`
}
