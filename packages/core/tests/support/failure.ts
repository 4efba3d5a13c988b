import { isOpenMuxError, type OpenMuxError } from '../../src/index.js'

/** The OpenMuxError that `work` fails with; anything else is a failure of the test. */
export async function failureOf(work: Promise<unknown>): Promise<OpenMuxError> {
  try {
    await work
  } catch (error) {
    if (isOpenMuxError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
