import { getResponse, type RequestHandler } from 'msw'

/** What the handlers make of a request: `undefined` when none of them answers it. */
export async function answerWith(
  handlers: readonly RequestHandler[],
  request: Request,
): Promise<Response | undefined> {
  try {
    return await getResponse([...handlers], request)
  } catch (error) {
    // A handler may throw a Response; anything else is a bug in the double and has to be seen.
    if (error instanceof Response) return error
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return new Response(`A handler of the double threw: ${message}`, { status: 500 })
  }
}

/** A set of handlers that can be added to and put back. */
export interface HandlerSet {
  current(): readonly RequestHandler[]
  /** Puts `handlers` in front of the others. */
  use(...handlers: readonly RequestHandler[]): void
  /** Back to the handlers the set was made with, their one-time handlers usable again. */
  reset(): void
}

/** A {@link HandlerSet} that starts with `initial`. */
export function createHandlerSet(initial: readonly RequestHandler[]): HandlerSet {
  let handlers: readonly RequestHandler[] = initial
  return {
    current: () => handlers,
    use(...added) {
      handlers = [...added, ...handlers]
    },
    reset() {
      handlers = initial
      for (const handler of initial) handler.restore()
    },
  }
}
