import { http, HttpResponse, type RequestHandler } from 'msw'
import { setupServer } from 'msw/node'
import { answerWith, createHandlerSet } from './answer.js'
import { createTrafficLog, type Exchange, type Upstream } from './seen-request.js'

/** MSW handlers in this process, in place of the network. */
export interface Interceptor extends Upstream {
  /** Requests that no handler answered, as `METHOD url`; their callers got a network error. */
  readonly unhandled: readonly string[]
  /** From now on the built-in `fetch` meets the handlers and nothing reaches the network. Fails when started already. */
  start(): void
  /** The built-in `fetch` is itself again. */
  stop(): void
  /** Puts `handlers` in front of the others. */
  use(...handlers: readonly RequestHandler[]): void
  /** Back to the handlers the interceptor was made with; forgets the requests seen. */
  reset(): void
}

/**
 * The same handlers as {@link serveHandlers} takes, met by the built-in `fetch` of this process.
 * Nothing gets out: a request without a handler is a network error for its caller and is listed
 * in `unhandled`. undici's own `request` is not seen by MSW: use {@link serveHandlers} for it.
 */
export function interceptHandlers(handlers: readonly RequestHandler[]): Interceptor {
  const set = createHandlerSet(handlers)
  const log = createTrafficLog()
  const unhandled: string[] = []
  // One handler for everything: MSW itself would let a request pass to the network when a handler
  // returns nothing, and when the address looks like a file (`isCommonAssetRequest`: `.json`, `.txt` …).
  const everything = http.all(/.*/, async ({ request }) => {
    const exchange = log.open(request, await request.clone().text())
    request.signal.addEventListener('abort', () => exchange.abandonedByClient(), { once: true })
    const response = await answerWith(set.current(), request)
    if (response === undefined) {
      unhandled.push(`${request.method} ${request.url}`)
      exchange.finished()
      return HttpResponse.error()
    }
    return observed(response, exchange)
  })
  const server = setupServer(everything)
  return {
    unhandled,
    requests: log.requests,
    // MSW 3 renamed `onUnhandledRequest`; the old key is ignored and lets requests through.
    start: () => server.listen({ onUnhandledFrame: 'error' }),
    stop: () => server.close(),
    use: set.use,
    reset() {
      set.reset()
      log.forget()
      unhandled.length = 0
    },
  }
}

/** The same response, telling the exchange how its body ended. */
function observed(response: Response, exchange: Exchange): Response {
  if (response.body === null || response.type === 'error') {
    exchange.finished()
    return response
  }
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await reader.read()
          if (!next.done) return controller.enqueue(next.value)
          exchange.finished()
          controller.close()
        } catch (error) {
          exchange.finished()
          controller.error(error)
        }
      },
      cancel(reason) {
        exchange.abandonedByClient()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  const { status, statusText } = response
  const headers = new Headers(response.headers)
  // Without a length or chunks MSW ends a body by closing the connection, and a cut would look like an end.
  if (!headers.has('content-length')) headers.set('transfer-encoding', 'chunked')
  return new Response(body, { status, statusText, headers })
}
