import { type CommandIo, processIo } from './io.js'
import { parseCommandLine } from './program.js'
import { EXIT_CODES } from './render/exit-codes.js'

/**
 * Runs one command line (without the program's own name) and resolves to its exit code. Never
 * rejects: whatever goes wrong is told on standard error (or as JSON on standard output).
 *
 * @example
 * const code = await run(['ask', '--json', 'Why is the sea salty?'])
 */
export async function run(argv: readonly string[], io: CommandIo = processIo()): Promise<number> {
  const parsed = parseCommandLine(argv, {
    write: (text) => void io.stdout.write(text),
    columns: io.stdout.columns,
  })
  if (parsed.kind === 'shown') return EXIT_CODES.ok
  // Everything below loads the engine, which help and version need not wait for.
  const { execute, refuse } = await import('./execute.js')
  return parsed.kind === 'wrong' ? refuse(parsed, argv, io) : execute(parsed, io)
}
