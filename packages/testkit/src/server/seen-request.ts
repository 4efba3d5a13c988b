/** A request that reached a double. Live: `open` turns false when the exchange is over. */
export interface SeenRequest {
  readonly method: string
  /** `host:port` it was sent to, as the client spelled it. */
  readonly host: string
  /** Path and query. */
  readonly path: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text, at most {@link SEEN_BODY_LIMIT} characters. */
  readonly body: string
  /** Whether the exchange is still under way: answer not yet sent whole, and the client still there. */
  readonly open: boolean
  /** Whether the client went away before it had the whole answer. */
  readonly abandoned: boolean
}

/** Characters of a body kept on a {@link SeenRequest}. */
export const SEEN_BODY_LIMIT = 1_048_576

/** What the contract suite can look at on the other side of a provider. */
export interface Upstream {
  /** Every request so far, oldest first. */
  requests(): readonly SeenRequest[]
}

/** An exchange as the double keeps it while it lasts. */
export interface Exchange {
  /** Notes that the answer went out whole, or broke on the double's side. */
  finished(): void
  /** Notes that the client went away. */
  abandonedByClient(): void
}

/** The log of one double. */
export interface TrafficLog extends Upstream {
  open(request: Request, body: string): Exchange
  forget(): void
}

/** An empty log. */
export function createTrafficLog(): TrafficLog {
  let entries: SeenRequest[] = []
  return {
    requests: () => entries,
    forget() {
      entries = []
    },
    open(request, body) {
      const url = new URL(request.url)
      const entry = {
        method: request.method,
        host: `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`,
        path: url.pathname + url.search,
        headers: Object.fromEntries(request.headers),
        body: body.slice(0, SEEN_BODY_LIMIT),
        open: true,
        abandoned: false,
      }
      entries.push(entry)
      return {
        finished() {
          entry.open = false
        },
        abandonedByClient() {
          if (entry.open) entry.abandoned = true
          entry.open = false
        },
      }
    },
  }
}
