import type { CommandContext } from './context.js'

/** One JSON object on standard output: indented for people at a terminal, one line for programs. */
export async function printJson(
  { terminal }: Pick<CommandContext, 'terminal'>,
  value: unknown,
): Promise<void> {
  await terminal.out.write(`${JSON.stringify(value, undefined, terminal.out.isTerminal ? 2 : undefined)}\n`)
}
