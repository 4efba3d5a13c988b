import { join } from 'node:path'
import type { LedgerKeeping } from '@openmux/core'
import type { LedgerStore } from '@openmux/core/store'
import type { Configuration } from '../configuration/configuration.js'
import { type FolderFacts, stateFolder } from './folders.js'
import { within } from './within.js'

/** A file is read in a millisecond; one on a share that hangs must not keep anybody from an answer, ms. */
const LOAD_LIMIT_MS = 300
/** The answer is there already: longest wait until what was learned is saved, ms. */
const SAVE_LIMIT_MS = 1_500

/** What is told about the state. `lasting`: the same in every run, so it is only worth a line where somebody looks. */
export type TellState = (line: string, lasting: boolean) => void

/** The one file of what was learned. Undefined: it is switched off. */
export function stateFile({ state }: Pick<Configuration, 'state'>, facts: FolderFacts): string | undefined {
  if (state === false) return undefined
  const folder = stateFolder(facts)
  return folder === undefined ? undefined : join(folder, 'ledger.json')
}

/** The store behind {@link stateFile}. */
export async function stateStore(path: string, tell: TellState): Promise<LedgerStore> {
  const { fileStore } = await import('@openmux/core/node')
  return fileStore({
    path,
    onDamaged: (movedTo) =>
      tell(`${path} was damaged and is now ${movedTo}; what was learned begins anew.`, false),
  })
}

/**
 * Keeps what was learned of limits, speed and failures in a file, so that the next run knows it. Nothing about the
 * file ever costs an answer: it is waited for no longer than a moment, and what goes wrong is told in one line.
 */
export async function keepState(path: string, tell: TellState): Promise<LedgerKeeping> {
  const [store, { keepIn }] = await Promise.all([stateStore(path, tell), import('@openmux/core/store')])
  const keep = keepIn(store, { onProblem: (problem, cause) => tellProblem(problem, cause, tell) })
  return (ledger, clock) => {
    const keeper = keep(ledger, clock)
    return {
      ...keeper,
      opened: within(keeper.opened, LOAD_LIMIT_MS),
      close: () => within(keeper.close(), SAVE_LIMIT_MS),
    }
  }
}

function tellProblem(problem: string, cause: unknown, tell: TellState): void {
  if (cause === undefined) return tell(problem, true)
  const why = cause instanceof Error ? cause.message.replace(/\.$/, '') : 'unknown'
  tell(`what was learned cannot be kept for the next run: ${why} (--no-state leaves it out).`, true)
}
