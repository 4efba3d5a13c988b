/*
 * `npm run release:version`: makes versions and changelogs of the changesets, and brings up to date what is made
 * from the manifests, such as the command for the registry in a changelog. Publishes nothing: what it writes is for
 * somebody to read and to commit.
 */
import { join } from 'node:path'
import { run, runNode } from '../setup/run.mjs'
import { root } from '../setup/workspace.mjs'

process.exitCode =
  (await run('changeset', ['version'])) || (await runNode([join(root, 'tools/lifecycle/write.ts')]))
