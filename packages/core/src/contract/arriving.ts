/**
 * An iterator that may hand out at once what has arrived already: one network read often holds many pieces, and a
 * promise for each would cost more than the piece. Nobody has to offer or to use it.
 */
export interface ArrivingIterator<T> extends AsyncIterator<T, void, undefined> {
  /**
   * The next item if it is here, never undefined then; undefined when `next()` has to be awaited. Throws what `next()`
   * would reject with, where that is known already.
   */
  nextArrived?(): T | undefined
  /** Whether it is known already that nothing more comes, and all is let go of: `next()` would say so at once. */
  readonly ended?: boolean
}
