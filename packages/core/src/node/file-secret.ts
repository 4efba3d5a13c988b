import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OpenMuxError } from '../errors/openmux-error.js'

const NAME = 'openmux-cache.key'

/**
 * The secret of a cache in a folder, drawn when there is none and readable by its owner alone, so that other runs find
 * the same keys. Several processes that start at once agree on one. Clearing the cache leaves it.
 * Errors: `needs-setup` (scope `machine`) when it can neither be read nor written.
 */
export async function fileSecret(folder: string): Promise<string> {
  const path = join(folder, NAME)
  try {
    const found = await readFile(path, 'utf8').catch(() => '')
    if (isSecret(found)) return found
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const secret = randomBytes(32).toString('hex')
    try {
      await writeFile(path, secret, { mode: 0o600, flag: 'wx' })
      return secret
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error
    }
    const others = await readFile(path, 'utf8')
    if (isSecret(others)) return others
    // Cut short by a crash: its keys are lost, and a new one costs only answers asked again.
    await writeFile(path, secret, { mode: 0o600 })
    await chmod(path, 0o600)
    return secret
  } catch (cause) {
    throw new OpenMuxError({
      code: 'needs-setup',
      scope: 'machine',
      message: `The secret of the answer cache cannot be kept in ${folder}.`,
      hint: 'Check that the folder is yours and the disk is not full, or give a secret.',
      cause,
    })
  }
}

function isSecret(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}
