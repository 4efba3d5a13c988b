// @ts-check
/* Runs nx in an environment where it finds the workspace's own Node and pnpm. */
import { ensureWorkspace } from './ensure-workspace.mjs'
import { runMain } from './progress.mjs'
import { runNx } from './run-nx.mjs'

await runMain(async () => {
  await ensureWorkspace()
  return runNx(process.argv.slice(2))
})
