import { ERROR_CODES } from '@openmux/core'
import type { CommandHelp } from './command-help.ts'

/** The answer that nobody writes: from the registry of errors or the help. Throws when there is no such thing. */
export function madeAnswer(id: string, help: CommandHelp): string {
  const kind = id.slice(0, id.indexOf(':'))
  const name = id.slice(kind.length + 1)
  const answer =
    kind === 'error' ? ofError(name) : kind === 'command' ? ofCommand(name, help) : ofOption(name, help)
  if (answer === undefined) throw new Error(`${id}: OpenMux has no such ${kind}.`)
  return answer
}

function ofError(code: string): string | undefined {
  const entry = Object.entries(ERROR_CODES).find(([name]) => name === code)?.[1]
  return entry === undefined ? undefined : `\`${code}\`: ${entry.meaning} ${entry.hint}`
}

function ofCommand(name: string, { commands }: CommandHelp): string | undefined {
  const summary = commands.get(name)
  return summary === undefined
    ? undefined
    : `\`openmux ${name}\`: ${summary}. \`openmux ${name} --help\` says more.`
}

function ofOption(name: string, { options }: CommandHelp): string | undefined {
  const option = options.get(name)
  if (option === undefined) return undefined
  // What stands in brackets in the help is a default or a hint on repetition.
  return `\`${option.flags}\`: ${option.description}.`
}
