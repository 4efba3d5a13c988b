import type { Proxies } from '../proxy/proxies.js'
import type { Proxy } from '../proxy/proxy.js'

/**
 * How a request goes by a proxy. `tunnel`: for https, through a connection that the proxy passes on unread (CONNECT).
 * `forward`: for http, the proxy is given the request itself with its whole address, as undici's ProxyAgent does:
 * most proxies open no tunnels to port 80.
 */
export interface Via {
  readonly proxy: Proxy
  readonly by: 'tunnel' | 'forward'
}

/** How requests to each origin go, worked out once per origin. */
export class Routes {
  readonly #proxies: Proxies
  readonly #known = new Map<string, Via | 'direct'>()

  constructor(proxies: Proxies) {
    this.#proxies = proxies
  }

  /** Undefined: directly. Throws `needs-setup` where the proxy's address cannot be used. */
  of(url: URL): Via | undefined {
    let way = this.#known.get(url.origin)
    if (way === undefined) {
      const proxy = this.#proxies.proxyFor(url)
      way = proxy === undefined ? 'direct' : { proxy, by: url.protocol === 'https:' ? 'tunnel' : 'forward' }
      this.#known.set(url.origin, way)
    }
    return way === 'direct' ? undefined : way
  }
}
