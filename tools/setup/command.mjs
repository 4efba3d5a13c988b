// @ts-check
/* `node tools/setup/command.mjs NAME …`: runs an installed command by the workspace's own Node. */
import { ensureWorkspace } from './ensure-workspace.mjs'
import { runMain, SetupError } from './progress.mjs'
import { run } from './run.mjs'

await runMain(async () => {
  const [command, ...args] = process.argv.slice(2)
  if (command === undefined) throw new SetupError('say which command to run')
  await ensureWorkspace()
  return run(command, args)
})
