/* `npm run test:live`: builds what the live tests need, then asks the services whose keys are set. */
import { join } from 'node:path'
import { runNx } from '../setup/run-nx.mjs'
import { root } from '../setup/workspace.mjs'
import { run } from '../setup/run.mjs'
import { installedTool } from '../test/installed-tool.ts'

const needed = ['openai-compatible', 'provider-hf-remote', 'provider-openrouter', 'testkit']
const projects = needed.map((name) => `@openmux/${name}`).join(',')
const built = await runNx(['run-many', '--targets=build', `--projects=${projects}`])
process.exitCode =
  built !== 0
    ? built
    : await run(
        process.execPath,
        [installedTool('vitest'), 'run', 'live.test.ts', '--reporter=verbose', ...process.argv.slice(2)],
        { cwd: join(root, 'tools', 'live'), env: { ...process.env, OPENMUX_LIVE: '1' } },
      )
