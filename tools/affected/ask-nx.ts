import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { captureNx } from '../setup/run-nx.mjs'
import { type Project, TARGETS } from './projects.ts'

/** Task (`project:target`) → why nx counts it as affected, in words. */
export type AffectedTasks = ReadonlyMap<string, readonly string[]>

interface Explanation {
  readonly affected: Readonly<Record<string, readonly Reason[]>>
  readonly requested: { readonly total: number }
}

interface Reason {
  readonly kind: string
  readonly file?: string
}

/**
 * Asks nx which tasks a change reaches, without running them. An answer about fewer tasks than the
 * workspace has is refused: nx has been seen to write part of a graph and to end with 0, and a task
 * it does not know of would never run.
 */
export async function askNx(
  root: string,
  since: string,
  projects: readonly Project[],
): Promise<AffectedTasks> {
  const temp = mkdtempSync(join(tmpdir(), 'openmux-affected-'))
  const file = join(temp, 'why.json')
  try {
    const targets = TARGETS.join(',')
    const args = ['affected', `--targets=${targets}`, `--base=${since}`, `--explain=${file}`]
    const { code, output } = await captureNx(args, { cwd: root })
    if (code !== 0) throw new Error(`nx affected failed (exit code ${code}): ${output.trim()}`)
    const { affected, requested } = JSON.parse(readFileSync(file, 'utf8')) as Explanation
    const known = projects.reduce((total, one) => total + one.targets.length, 0)
    if (requested.total !== known) {
      throw new Error(`nx knows ${requested.total} tasks, but the workspace has ${known}: ${output.trim()}`)
    }
    return new Map(Object.entries(affected).map(([task, reasons]) => [task, inWords(reasons)]))
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

function inWords(reasons: readonly Reason[]): string[] {
  return [...new Set(reasons.map(({ kind, file }) => file ?? kind.replaceAll('-', ' ')))]
}
