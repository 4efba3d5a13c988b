import type { Environment } from './environment.js'
import { exceptionsFrom, type IsExcepted } from './exceptions.js'
import { isOwnNetwork } from './own-network.js'
import { parseProxy, type Proxy } from './proxy.js'

/** A variable and the address it holds, not looked at yet. */
interface Named {
  readonly variable: string
  readonly address: string
}

/** By which proxy requests to others go. */
export interface Proxies {
  /** Undefined: directly. Throws `needs-setup` where the address of the proxy cannot be used. */
  proxyFor(url: URL): Proxy | undefined
}

/**
 * The proxies an environment names, read as curl does: `https_proxy` or `HTTPS_PROXY` for https addresses, `http_proxy`
 * or `HTTP_PROXY` for http ones, neither for the other; `NO_PROXY` lists exceptions. What lies on this machine or in
 * its own network is always asked directly. Undefined: none is named.
 */
export function proxiesFrom(environment: Environment): Proxies | undefined {
  const https = named(environment, 'https_proxy', 'HTTPS_PROXY')
  const http = namedForHttp(environment)
  if (https === undefined && http === undefined) return undefined
  const isExcepted: IsExcepted = exceptionsFrom(named(environment, 'no_proxy', 'NO_PROXY')?.address ?? '')
  return {
    proxyFor(url) {
      const one = url.protocol === 'https:' ? https : http
      if (one === undefined || isOwnNetwork(url.hostname) || isExcepted(url)) return undefined
      return parseProxy(one.variable, one.address)
    },
  }
}

/**
 * What must not be shown of a proxy that is given requests whole: it may repeat it in its answers. What passes a tunnel
 * is nothing the proxy says.
 */
export function proxySecrets(environment: Environment): readonly string[] {
  const http = namedForHttp(environment)
  if (http === undefined) return []
  try {
    return parseProxy(http.variable, http.address).secrets
  } catch {
    // An address that cannot be used is told with the first request, and no proxy is told of it.
    return []
  }
}

function namedForHttp(environment: Environment): Named | undefined {
  // In a CGI program HTTP_PROXY holds what a visitor sent as the header "Proxy" (httpoxy.org).
  const isCgi = environment['REQUEST_METHOD'] !== undefined
  return named(environment, 'http_proxy', ...(isCgi ? [] : ['HTTP_PROXY']))
}

/** The first that says something: an empty variable names nothing. */
function named(environment: Environment, ...variables: readonly string[]): Named | undefined {
  for (const variable of variables) {
    const address = environment[variable]?.trim() ?? ''
    if (address !== '') return { variable, address }
  }
  return undefined
}
