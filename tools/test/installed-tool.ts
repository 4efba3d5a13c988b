import { join } from 'node:path'
import { readJson, root } from '../setup/workspace.mjs'

/** The script behind a command of an installed package: to be run by Node without a shell. */
export function installedTool(packageName: string, command: string = packageName): string {
  const folder = join(root, 'node_modules', packageName)
  const { bin } = readJson(join(folder, 'package.json')) as { bin: string | Record<string, string> }
  const script = typeof bin === 'string' ? bin : bin[command]
  if (script === undefined) throw new Error(`${packageName} has no command named ${command}`)
  return join(folder, script)
}
