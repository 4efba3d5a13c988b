// @ts-check
/* `npm test`: sets up the workspace, then runs every check and test (tools/test/). */
import { ensureWorkspace } from './ensure-workspace.mjs'
import { runMain } from './progress.mjs'
import { runNode } from './run.mjs'

await runMain(async () => {
  await ensureWorkspace()
  return runNode(['tools/test/run.ts', ...process.argv.slice(2)])
})
