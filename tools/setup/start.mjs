// @ts-check
/* `npm start -- …`: sets up what the command line needs, then runs it. */
import { join } from 'node:path'
import { ensureBuilt } from './ensure-built.mjs'
import { ensureWorkspace } from './ensure-workspace.mjs'
import { runMain } from './progress.mjs'
import { runNode } from './run.mjs'
import { root } from './workspace.mjs'

await runMain(async () => {
  await ensureWorkspace()
  await ensureBuilt('openmux')
  // npm runs scripts in the root: relative paths and settings are meant from where the user is.
  const cwd = process.env.npm_lifecycle_event === 'start' ? process.env.INIT_CWD : undefined
  return runNode([join(root, 'packages', 'cli', 'dist', 'bin.js'), ...process.argv.slice(2)], {
    cwd: cwd ?? process.cwd(),
    env: process.env,
  })
})
