import { OpenMuxError } from '@openmux/core'
import type { Proxy } from '../proxy/proxy.js'
import { doesNotSpeakTls, isOfCertificate } from './network-error.js'
import { errorCodeOf, messageOf } from './thrown.js'

/*
 * Failures on the way to a proxy. They are this machine's and not those of the service behind: the breaker leaves it
 * alone, and what runs here goes on. `field` names the variable, so that they are not taken for the loss of the whole
 * network: others may go by another proxy, or by none.
 */

/** No connection to the proxy came to stand, or it was lost before anything of the request was sent. */
export function proxyUnreachable(proxy: Proxy, thrown: unknown): OpenMuxError {
  const code = errorCodeOf(thrown)
  return new OpenMuxError({
    code: 'network',
    scope: 'machine',
    field: proxy.variable,
    message: `${named(proxy)} could not be used: ${reasonOf(code, thrown)}.`,
    hint: `${remedyOf(proxy, code)} ${EXCEPTIONS}`,
    cause: thrown,
    secrets: proxy.secrets,
  })
}

/**
 * The proxy opened a tunnel, and no TLS came to stand in it: many open one before they know whether the service can be
 * reached, so it is the service that should be left alone for a while.
 */
export function tunnelLost(proxy: Proxy, host: string, thrown: unknown): OpenMuxError {
  const code = errorCodeOf(thrown)
  return new OpenMuxError({
    code: 'network',
    field: proxy.variable,
    message: `${named(proxy)} opened a way to ${host} that did not hold: ${doesNotSpeakTls(code) ? 'what came through was no TLS' : reasonOf(code, thrown)}.`,
    hint: `See whether other programs reach ${host} by the proxy. ${EXCEPTIONS}`,
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
    field: proxy.variable,
    message: `${named(proxy)} gave no connection to ${host} within ${Math.round(limitMs)} ms.`,
    hint: `Check that the proxy runs and that ${proxy.variable} is right, or allow more time to connect. ${EXCEPTIONS}`,
    secrets: proxy.secrets,
  })
}

/**
 * The proxy answered, and did not let the request through.
 * @param offered its `Proxy-Authenticate`.
 */
export function proxyRefused(
  proxy: Proxy,
  host: string,
  status: number,
  offered?: string | string[],
): OpenMuxError {
  const { secrets, variable: field } = proxy
  if (status === 407) {
    const foreign = foreignSchemes(String(offered ?? ''))
    if (foreign !== undefined) {
      return new OpenMuxError({
        code: 'needs-setup',
        scope: 'machine',
        field,
        message: `${named(proxy)} wants ${foreign}, and OpenMux gives user and password only (status 407).`,
        hint: `Run a helper on this machine that speaks ${foreign}, such as Px or Cntlm, and name it in ${field}. ${EXCEPTIONS}`,
        secrets,
      })
    }
    const asked = proxy.authorization === undefined
    return new OpenMuxError({
      code: 'needs-setup',
      scope: 'machine',
      field,
      message: `${named(proxy)} ${asked ? 'asks for user and password' : 'does not accept this user and password'} (status 407).`,
      hint: `Put them into ${field} in front of the host, as user:password@${proxy.host}; write @ as %40 and : as %3A.`,
      secrets,
    })
  }
  const message = `${named(proxy)} does not let requests through to ${host} (status ${status}).`
  // It says that it could not reach the service: then it is the service that should be left alone for a while.
  if (status >= 500) return new OpenMuxError({ code: 'network', field, message, hint: EXCEPTIONS, secrets })
  return new OpenMuxError({
    code: 'needs-setup',
    field,
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

/** What a proxy proves users by, when that is nothing OpenMux can: its own words are not repeated. */
function foreignSchemes(offered: string): string | undefined {
  const found = offered.match(/\b(?:Basic|Negotiate|NTLM|Digest)\b/gi) ?? []
  const names = ['Basic', 'Negotiate', 'NTLM', 'Digest'].filter((name) =>
    found.some((word) => word.toLowerCase() === name.toLowerCase()),
  )
  return names.length === 0 || names.includes('Basic') ? undefined : names.join(' or ')
}

function remedyOf({ variable, host, origin }: Proxy, code: string): string {
  if (doesNotSpeakTls(code) && origin.startsWith('https:'))
    return `Set ${variable} to http://${host}, with user and password if it needs them.`
  if (isOfCertificate(code))
    return `Set NODE_EXTRA_CA_CERTS to the file that vouches for the certificate of the proxy, and check ${variable}.`
  return `Check that the proxy runs and that ${variable} is right; without a proxy unset it.`
}

function reasonOf(code: string, thrown: unknown): string {
  if (code === 'ECONNREFUSED') return 'the connection was refused'
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT' || code === 'UND_ERR_HEADERS_TIMEOUT')
    return 'it did not answer in time'
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') return 'it closed the connection'
  if (code.startsWith('HPE_')) return 'what it sends is not HTTP'
  if (doesNotSpeakTls(code)) return 'it does not speak TLS'
  return code === '' ? messageOf(thrown) : `${messageOf(thrown)} (${code})`
}
