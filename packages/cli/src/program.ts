import { Command, CommanderError, Help, type Option } from 'commander'
import { closest, distance } from 'fastest-levenshtein'
import { COMMANDS, type CommandName, type CommandOptions } from './options/command-options.js'
import { COMMAND_TABLE, type CommandEntry } from './options/command-table.js'
import { OPTIONS } from './options/option-table.js'
import { EXIT_HELP } from './render/exit-help.js'
import { version } from './version.js'

/** What a command line means. */
export type Parsed =
  | {
      readonly kind: 'command'
      /** Absent: nothing but options was given. */
      readonly command: CommandName | undefined
      readonly words: readonly string[]
      readonly options: CommandOptions
    }
  /** Help or version, already written. */
  | { readonly kind: 'shown' }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string }

/** Where help and version go, and how wide they may be. */
export interface HelpOutput {
  write(text: string): void
  readonly columns: number | undefined
}

/** Reads a command line (without the program's own name). Pure but for what it writes as help. */
export function parseCommandLine(argv: readonly string[], output: HelpOutput): Parsed {
  let parsed: Parsed | undefined
  const complaints: string[] = []
  const program = buildProgram(output, complaints, (command, words) => {
    parsed = checked(program, command, words)
  })
  try {
    program.parse(withOptionsForWords(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'shown' }
    return wrongLine(error.message)
  }
  return parsed ?? { kind: 'shown' }
}

/** `help`, `help chat` and `version` stand for the options: many programs take them so. */
function withOptionsForWords(argv: readonly string[]): string[] {
  const [word, command] = argv
  if (argv.length === 1 && word === 'help') return ['--help']
  if (argv.length === 1 && word === 'version') return ['--version']
  const isHelpFor = argv.length === 2 && word === 'help' && COMMANDS.some((name) => name === command)
  return isHelpFor && command !== undefined ? [command, '--help'] : [...argv]
}

function buildProgram(
  output: HelpOutput,
  complaints: string[],
  found: (command: CommandName | undefined, words: readonly string[]) => void,
): Command {
  const program = new Command('openmux')
    .description('One question to whichever free or local model can answer it.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.write(text),
      writeErr: (text) => void complaints.push(text),
      getOutHelpWidth: () => Math.min(output.columns ?? 80, 100),
    })
    .configureHelp({ visibleOptions })
    .usage('[command] [options] [question...]')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .argument('[question...]', 'what to ask; standard input is added to it')
    .action((words: readonly string[]) => found(words.length === 0 ? undefined : 'ask', words))
    .addHelpText(
      'after',
      `\n${examples(COMMAND_TABLE.flatMap((entry) => entry.examples.slice(0, 1)))}\n\n${EXIT_HELP}`,
    )
  for (const { flags, description, read } of OPTIONS) {
    if (read === undefined) program.option(flags, description)
    else program.option(flags, description, read)
  }
  for (const entry of COMMAND_TABLE) addCommand(program, entry, found)
  return program
}

function addCommand(
  program: Command,
  entry: CommandEntry,
  found: (command: CommandName, words: readonly string[]) => void,
): void {
  const command = program.command(`${entry.name} ${entry.words}`.trim()).description(entry.summary)
  command.addHelpText('after', `\n${examples(entry.examples)}`)
  command.action((words: unknown) => found(entry.name, Array.isArray(words) ? words.map(String) : []))
}

/** All options live on the program, so that they may stand anywhere; which command takes them is checked here. */
function checked(program: Command, command: CommandName | undefined, words: readonly string[]): Parsed {
  const name = command ?? 'chat'
  // Without a command it may become a question from standard input: both are asked.
  const names: readonly CommandName[] = command === undefined ? ['ask', 'chat'] : [name]
  for (const { key, flags, commands } of OPTIONS) {
    if (program.getOptionValueSource(key) !== 'cli' || names.some((one) => commands.includes(one))) continue
    const flag = /--[a-z-]+/.exec(flags)?.[0] ?? flags
    return {
      kind: 'wrong',
      message: `${flag} has no meaning for \`openmux ${name}\`.`,
      hint: `It belongs to: ${commands.join(', ')}.`,
    }
  }
  const mistyped = command === 'ask' ? mistypedCommand(program.args, words) : undefined
  if (mistyped !== undefined) {
    return {
      kind: 'wrong',
      message: `There is no command "${words[0] ?? ''}".`,
      hint: `Did you mean \`openmux ${mistyped}\`? To ask exactly this word: \`openmux ask ${words[0] ?? ''}\`.`,
    }
  }
  return { kind: 'command', command, words, options: program.opts<CommandOptions>() }
}

/** One bare word that looks like a command is more likely a slip than a question. */
function mistypedCommand(args: readonly string[], words: readonly string[]): string | undefined {
  const [word] = words
  if (word === undefined || words.length > 1 || args[0] !== word || /[^a-z]/.test(word) || word.length < 4)
    return undefined
  const near = closest(word, [...COMMANDS, 'help', 'version'])
  // "hello" is no slip.
  const most = near === 'help' ? 1 : 2
  return distance(word, near) <= most && word !== near ? near : undefined
}

function wrongLine(complaint: string): Parsed {
  const [first = '', ...more] = complaint.replace(/^error: /, '').split('\n')
  const suggestion = more.join(' ').replace(/[()]/g, '').trim()
  const dash = first.includes('unknown option') ? ' A question that begins with - goes after --.' : ''
  return {
    kind: 'wrong',
    message: `${first.charAt(0).toUpperCase()}${first.slice(1)}${first.endsWith('.') ? '' : '.'}`,
    hint: `${suggestion === '' ? 'Run `openmux --help` to see what there is.' : suggestion}${dash}`,
  }
}

/** In the help of a command, the options that command takes, though they are the program's. */
function visibleOptions(this: Help, command: Command): Option[] {
  const own = Help.prototype.visibleOptions.call(this, command)
  const taken = new Set<string>(
    OPTIONS.filter(({ commands }) => commands.some((one) => one === command.name())).map(
      ({ flags }) => flags,
    ),
  )
  return [...(command.parent?.options ?? []).filter((option) => taken.has(option.flags)), ...own]
}

function examples(lines: readonly string[]): string {
  return `Examples:\n${lines.map((line) => `  ${line}`).join('\n')}`
}
