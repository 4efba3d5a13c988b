import { capture, type RunOptions } from '../setup/run.mjs'

/** Runs a command and gives its stdout; fails with all it printed when it ends with anything but 0. */
export async function outputOf(
  command: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<string> {
  const { code, stdout, output } = await capture(command, args, options)
  if (code !== 0) throw new Error(`exit code ${code}: ${lastLines(output)}`)
  return stdout
}

function lastLines(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  return lines
    .filter((line) => line !== '')
    .slice(-12)
    .join(' | ')
}
