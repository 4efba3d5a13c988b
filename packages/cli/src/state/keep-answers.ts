import { isOpenMuxError, type OpenMux, type Provider } from '@openmux/core'
import { answersFolder, type FolderFacts } from './folders.js'

/**
 * Puts the kept answers in front of the engine: the same question gets the same answer, and nobody is asked. A folder
 * that cannot be used costs no answer; it is told.
 */
export async function keepAnswers(
  openmux: OpenMux,
  setup: { readonly providers: readonly Provider[]; readonly forceEnabled: readonly string[] },
  facts: FolderFacts,
  tell: (line: string) => void,
): Promise<OpenMux> {
  const folder = answersFolder(facts)
  if (folder === undefined) {
    tell('answers are not kept: there is no home folder (set OPENMUX_CACHE).')
    return openmux
  }
  const [{ withCache }, { fileCache, fileSecret }] = await Promise.all([
    import('@openmux/core/cache'),
    import('@openmux/core/node'),
  ])
  let told = false
  const tellOnce = (error: unknown): void => {
    if (told || !isOpenMuxError(error)) return
    told = true
    tell(`answers are not kept: ${error.message}`)
  }
  try {
    const secret = await fileSecret(folder)
    return withCache(openmux, { cache: fileCache({ folder }), secret, setup, onError: tellOnce })
  } catch (error) {
    if (!isOpenMuxError(error)) throw error
    tellOnce(error)
    return openmux
  }
}
