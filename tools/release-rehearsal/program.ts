import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DecisionRecord } from '@openmux/core'
import { readJson, workspaceNode } from '../setup/workspace.mjs'
import { outputOf } from '../package-check/command.ts'
import type { Rehearsal } from './rehearsal.ts'

/** What a user installs. */
export const INSTALLED = ['@openmux/core', '@openmux/provider-hf-remote', '@openmux/provider-ollama'] as const

/** What the program prints of one answer. */
export interface Answer {
  readonly text: string
  readonly provider: string
  readonly attempts: number
  readonly warnings: readonly { readonly kind: string; readonly message: string }[]
  readonly decision: DecisionRecord
}

/** It prefers the remote provider and has the local one behind it; nothing in it ever changes. */
const PROGRAM = `
import { createOpenMux } from '@openmux/core'
import { hfRemote } from '@openmux/provider-hf-remote'
import { ollama } from '@openmux/provider-ollama'

const url = process.env.HUGGING_FACE
await using openmux = createOpenMux({ providers: [hfRemote({ baseURL: url + '/v1', hubURL: url }), ollama()] })
const { text, provider, attempts, warnings, decision } = await openmux.chat('Write one sentence about the sea.')
console.log(JSON.stringify({ text, provider, attempts: attempts.length, warnings, decision }))
`

/** A user's program in a folder that knows nothing of the workspace. */
export class Program {
  readonly #rehearsal: Rehearsal
  readonly #upstreams: Readonly<Record<string, string>>
  readonly #folder: string

  constructor(rehearsal: Rehearsal, upstreams: Readonly<Record<string, string>>) {
    this.#rehearsal = rehearsal
    this.#upstreams = upstreams
    this.#folder = join(rehearsal.folder, 'program')
    mkdirSync(this.#folder)
    writeFileSync(
      join(this.#folder, 'package.json'),
      JSON.stringify({ name: 'a-program', private: true, type: 'module' }),
    )
    writeFileSync(join(this.#folder, 'main.js'), PROGRAM)
  }

  /** Runs npm in its folder; gives all that npm printed. */
  async npm(...args: readonly string[]): Promise<string> {
    const printed = await this.#rehearsal.runForAll('npm', args, this.#folder)
    // As older ones write it.
    return printed.replaceAll('npm WARN', 'npm warn')
  }

  async ask(): Promise<Answer> {
    const env = { ...this.#rehearsal.environment, ...this.#upstreams }
    const printed = await outputOf(workspaceNode, ['main.js'], { cwd: this.#folder, env })
    return JSON.parse(printed) as Answer
  }

  /** The version of a package that is installed. */
  versionOf(name: string): string {
    return (readJson(join(this.#folder, 'node_modules', name, 'package.json')) as { version: string }).version
  }

  /** Where each package was fetched from, as npm's lockfile has it. */
  origins(): readonly string[] {
    const { packages } = readJson(join(this.#folder, 'package-lock.json')) as {
      packages: Record<string, { resolved?: string }>
    }
    return Object.values(packages).flatMap(({ resolved }) => resolved ?? [])
  }
}

/** What the warnings of an answer tell besides options. */
export function noticesOf({ warnings }: Answer): readonly string[] {
  return warnings.filter(({ kind }) => kind === 'notice').map(({ message }) => message)
}
