import type { OpenMuxError } from '@openmux/core'
import { failure } from '../failures.js'

/** A number of bytes for people: `364 MB`. */
export function megabytes(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${(bytes / 1_000_000_000).toFixed(1)} GB`
  if (bytes >= 1_000_000) return `${Math.round(bytes / 1_000_000)} MB`
  return `${Math.max(1, Math.round(bytes / 1_000))} kB`
}

/** No room for what is to be written. */
export function diskFull(
  folder: string,
  model: string,
  needed?: number,
  free?: number,
  cause?: unknown,
): OpenMuxError {
  const numbers =
    needed === undefined
      ? ''
      : ` ${megabytes(needed)} are needed${free === undefined ? '' : `, ${megabytes(free)} are free`}.`
  return failure('needs-setup', `The disk of the model cache is full (${folder}).${numbers}`, {
    model,
    scope: 'machine',
    cause,
    hint: 'Free some space, or put the cache elsewhere by the option `cacheFolder` or OPENMUX_CACHE. The download then goes on where it stopped.',
  })
}

/** What a failure of the file system means; `undefined` for one that is none of the known. */
export function diskFailure(error: unknown, folder: string, model: string): OpenMuxError | undefined {
  const code = (error as { code?: unknown } | null)?.code
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(folder, model, undefined, undefined, error)
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
    case 'ENOTDIR':
      return failure('needs-setup', `The model cache cannot be written (${code}): ${folder}`, {
        model,
        scope: 'machine',
        cause: error,
        hint: 'Give yourself write access, or name another folder by the option `cacheFolder` or OPENMUX_CACHE.',
      })
    case 'EMFILE':
    case 'ENFILE':
    case 'EIO':
    case 'EFBIG':
    case 'ENAMETOOLONG':
    case 'ENOENT':
    case 'EBUSY':
      return failure('needs-setup', `The model cache cannot be used (${code}): ${folder}`, {
        model,
        scope: 'machine',
        cause: error,
      })
    default:
      return undefined
  }
}
