import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../setup/workspace.mjs'

/** What the command line says about itself. */
export interface CommandHelp {
  /** By name: `models`. */
  readonly commands: ReadonlyMap<string, string>
  /** By long name: `--free`; the text with all its spellings. */
  readonly options: ReadonlyMap<string, { readonly flags: string; readonly description: string }>
  /** The help as it is printed. */
  readonly text: string
}

/** Asks the built command line for its help, so that the guide is taught what is true of it. */
export function commandHelp(): CommandHelp {
  const bin = join(root, 'packages/cli/dist/bin.js')
  const text = execFileSync(process.execPath, [bin, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { ...readHelp(text), text }
}

/** The entries of a help text: two spaces, what it is, at least two spaces, what it does; deeper lines go on. */
export function readHelp(text: string): Omit<CommandHelp, 'text'> {
  const commands = new Map<string, string>()
  const options = new Map<string, { flags: string; description: string }>()
  for (const [name, description] of entriesOf(sectionOf(text, 'Commands'))) {
    commands.set(name.split(' ')[0] ?? name, description)
  }
  for (const [flags, description] of entriesOf(sectionOf(text, 'Options'))) {
    for (const [long] of flags.matchAll(/--[a-z-]+/g)) options.set(long, { flags, description })
  }
  return { commands, options }
}

function sectionOf(text: string, title: string): string[] {
  const lines = text.split('\n')
  const start = lines.indexOf(`${title}:`)
  const rest = lines.slice(start + 1)
  const end = rest.indexOf('')
  return start === -1 ? [] : rest.slice(0, end === -1 ? rest.length : end)
}

function entriesOf(lines: readonly string[]): [string, string][] {
  const entries: [string, string][] = []
  for (const line of lines) {
    const [, name, description] = /^ {2}(\S.*?)(?: {2,}(.*))?$/.exec(line) ?? []
    const last = entries.at(-1)
    if (name !== undefined) entries.push([name, description ?? ''])
    else if (last !== undefined) last[1] = `${last[1]} ${line.trim()}`.trim()
  }
  return entries
}
