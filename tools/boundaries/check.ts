/* `npm run boundaries`: who may import whom, checked over the whole workspace. */
import { root } from '../setup/workspace.mjs'
import { checkBoundaries } from './check-boundaries.ts'

const { packages, files, violations } = checkBoundaries(root)
for (const { rule, where, message } of violations) console.error(`${where}: ${message} [${rule}]`)
console.log(
  violations.length === 0
    ? `boundaries: ${files} files of ${packages} packages and tools/ keep the rules`
    : `boundaries: ${violations.length} broken (the rules are in tools/boundaries/rules.ts)`,
)
process.exitCode = violations.length === 0 ? 0 : 1
