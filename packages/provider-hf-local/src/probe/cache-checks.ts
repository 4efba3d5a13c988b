import { access, constants, mkdtemp, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CallContext, ModelCard, ProbeCheck } from '@openmux/core'
import { probeCheck, type ProbeFinding } from '@openmux/core/probe'
import type { Settings } from '../settings.js'

/** Whether models can be kept, and which are there. The folder itself is not named: reports are shown to others. */
export function cacheChecks(
  { cacheFolder }: Settings,
  cards: () => Promise<readonly ModelCard[]>,
  context: CallContext,
): readonly Promise<ProbeCheck>[] {
  const endpoint = 'folder of the cache'
  return [
    probeCheck({ id: 'cache.writable', endpoint, purpose: 'to keep models' }, context, () =>
      writableFinding(cacheFolder),
    ),
    probeCheck(
      { id: 'cache.models', endpoint, purpose: 'models that are there already' },
      context,
      async () => {
        const there = (await cards()).filter(({ state }) => state !== 'downloadable')
        if (there.length === 0)
          return { verdict: 'not-checked', evidence: 'no model is there yet; the first request fetches one' }
        const chats = there.filter(({ tasks }) => tasks.includes('chat')).length
        return {
          verdict: 'as-expected',
          evidence: `${chats} for chat, ${there.length - chats} for embeddings`,
        }
      },
    ),
  ]
}

/** By making a folder and taking it away; where the cache does not exist yet, by the rights of the nearest folder above. */
async function writableFinding(folder: string): Promise<ProbeFinding> {
  try {
    const existing = await nearestExisting(folder)
    if (existing !== folder) {
      await access(existing, constants.W_OK | constants.X_OK)
      return { verdict: 'as-expected', evidence: 'not there yet, and can be made' }
    }
    await rmdir(await mkdtemp(join(folder, '.probe-')))
    return { verdict: 'as-expected', evidence: 'can be written' }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    return { verdict: 'unauthorised', evidence: `cannot be written (${code}); see OPENMUX_CACHE` }
  }
}

async function nearestExisting(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() === true) return folder
  if (found !== undefined) throw Object.assign(new Error('a file is in the way'), { code: 'ENOTDIR' })
  const above = dirname(folder)
  return above === folder ? folder : nearestExisting(above)
}
