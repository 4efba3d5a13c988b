import { isOpenMuxError, type OpenMuxError } from '@openmux/core'

/** The typed error a promise rejects with; anything else fails the test. */
export async function errorOf(promise: Promise<unknown>): Promise<OpenMuxError> {
  try {
    await promise
  } catch (thrown) {
    if (isOpenMuxError(thrown)) return thrown
    throw new Error('rejected with something that is no OpenMuxError', { cause: thrown })
  }
  throw new Error('did not reject')
}

/** Everything an iterable gives, and the error it ended with. */
export async function drain<T>(
  items: AsyncIterable<T>,
): Promise<{ items: T[]; error: OpenMuxError | undefined }> {
  const got: T[] = []
  try {
    for await (const item of items) got.push(item)
  } catch (thrown) {
    if (!isOpenMuxError(thrown))
      throw new Error('ended with something that is no OpenMuxError', { cause: thrown })
    return { items: got, error: thrown }
  }
  return { items: got, error: undefined }
}

export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** Waits until `condition` holds, at most `withinMs`. */
export async function until(condition: () => boolean, withinMs = 2_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
