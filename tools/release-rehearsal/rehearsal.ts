import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outputOf } from '../package-check/command.ts'
import { capture } from '../setup/run.mjs'
import { closedEnvironment } from './closed-environment.ts'
import { type Registry, startRegistry } from './registry.ts'
import { startTripwire, type Tripwire } from './tripwire.ts'
import { copyWorkspace } from './workspace-copy.ts'

/** A copy of the repository, a registry for it, and commands that reach nothing else. */
export interface Rehearsal {
  /** Holds everything of the rehearsal; gone after {@link Rehearsal.close}. */
  readonly folder: string
  /** The root of the copy, a git repository of its own. */
  readonly copy: string
  readonly registry: Registry
  readonly tripwire: Tripwire
  readonly environment: NodeJS.ProcessEnv
  /** Runs a command by default in the copy; gives stdout, and fails with all it printed when it fails. */
  run(command: string, args: readonly string[], cwd?: string): Promise<string>
  /** The same, but gives all it printed, stdout and stderr in order. */
  runForAll(command: string, args: readonly string[], cwd?: string): Promise<string>
  close(): Promise<void>
}

/** Copies the repository and starts the registry. */
export async function startRehearsal(): Promise<Rehearsal> {
  const folder = mkdtempSync(join(tmpdir(), 'openmux-release-rehearsal-'))
  const [copy, storage] = [join(folder, 'copy'), join(folder, 'registry')]
  mkdirSync(storage)
  const registry = await startRegistry(storage)
  const tripwire = await startTripwire()
  const environment = closedEnvironment(join(folder, 'home'), registry, tripwire)
  await copyWorkspace(copy)
  const rehearsal: Rehearsal = {
    folder,
    copy,
    registry,
    tripwire,
    environment,
    run: (command, args, cwd = copy) => outputOf(command, args, { cwd, env: environment }),
    runForAll: async (command, args, cwd = copy) => {
      const { code, output } = await capture(command, args, { cwd, env: environment })
      if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${output}`)
      return output
    },
    close: async () => {
      await registry.close()
      await tripwire.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await rehearsal.run('git', ['init', '--quiet', '--initial-branch=main'])
  await commit(rehearsal, 'The repository as it lies there')
  return rehearsal
}

/** Commits all that has changed in the copy; nothing to do is no error. */
export async function commit({ run }: Rehearsal, message: string): Promise<void> {
  await run('git', ['add', '--all'])
  await run('git', ['commit', '--quiet', '--allow-empty', '--message', message])
}
