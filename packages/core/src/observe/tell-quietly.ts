/** Tells a listener: what it throws, at once or later, must cost nobody an answer or a place in a queue. */
export function tellQuietly<T>(listener: (about: T) => unknown, about: T): void {
  try {
    const returned: unknown = listener(about)
    // It may be async: its failure must not become an unhandled rejection.
    if (returned instanceof Promise) returned.catch(() => undefined)
  } catch {
    // Its own fault.
  }
}
