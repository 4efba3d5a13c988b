/**
 * Where the worker's file is. In the published package this module is part of `dist/index.js` and
 * the worker is its neighbour `dist/worker.js`. From the sources (tests), which no thread can run as
 * they are, it is the built file of the same package: build before testing.
 */
export function workerURL(here: string = import.meta.url): URL {
  return here.endsWith('.ts') ? new URL('../../dist/worker.js', here) : new URL('./worker.js', here)
}
