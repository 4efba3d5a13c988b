import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { root } from './provider-packages.ts'
import type { Calendar } from './reviews.ts'

/** Today, and the day of the newest commit; today where there is no history, as in a downloaded archive. */
export async function calendar(now = new Date()): Promise<Calendar> {
  const today = now.toISOString().slice(0, 10)
  return { today, asOf: (await newestCommit()) ?? today }
}

async function newestCommit(): Promise<string | undefined> {
  // In a container the checkout often belongs to somebody else, which git refuses otherwise.
  const args = ['-c', 'safe.directory=*', 'log', '-1', '--format=%cs']
  try {
    const { stdout } = await promisify(execFile)('git', args, { cwd: root })
    return /^\d{4}-\d{2}-\d{2}$/.test(stdout.trim()) ? stdout.trim() : undefined
  } catch {
    return undefined
  }
}
