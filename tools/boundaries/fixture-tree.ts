import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Path → text; a value that is no text is written as JSON. */
export type Tree = Readonly<Record<string, unknown>>

/** A small workspace in a temporary folder that keeps every rule: each test breaks one. */
const SOUND: Tree = {
  'package.json': { name: 'root', devDependencies: { vitest: '1.0.0' } },
  'packages/core/package.json': { name: '@openmux/core' },
  'packages/core/src/index.ts': '/** For example `ollama()`. */\nexport const answer = 42\n',
  'packages/http/package.json': {
    name: '@openmux/http',
    dependencies: { undici: '1.0.0' },
    peerDependencies: { '@openmux/core': 'workspace:^' },
  },
  'packages/http/src/index.ts': [
    "import { readFile } from 'node:fs/promises'",
    "import { fetch } from 'undici'",
    "import { answer } from '@openmux/core'",
    "export * from './deep/part.js'",
    'export { answer, fetch, readFile }',
  ].join('\n'),
  'packages/http/src/deep/part.ts': "export { answer } from '../index.js'\n",
  'packages/provider-ollama/package.json': {
    name: '@openmux/provider-ollama',
    dependencies: { '@openmux/http': 'workspace:^' },
    peerDependencies: { '@openmux/core': 'workspace:^' },
    devDependencies: { '@openmux/testkit': 'workspace:*' },
  },
  'packages/provider-ollama/src/index.ts': "export { answer } from '@openmux/http'\n",
  'packages/provider-ollama/tests/contract.test.ts': [
    "import { it } from 'vitest'",
    "import { suite } from '@openmux/testkit'",
    "import { answer } from '../src/index.js'",
    "import { helper } from '../../../tools/helper.ts'",
    "it(String(suite), () => helper(answer, new URL('..', import.meta.url)))",
  ].join('\n'),
  'packages/testkit/package.json': {
    name: '@openmux/testkit',
    peerDependencies: { '@openmux/core': 'workspace:^' },
  },
  'packages/testkit/src/index.ts': "export { answer as suite } from '@openmux/core'\n",
  'packages/cli/package.json': {
    name: 'openmux',
    dependencies: { '@openmux/core': 'workspace:^', '@openmux/provider-ollama': 'workspace:^' },
  },
  'packages/cli/src/index.ts': [
    "import type { answer } from '@openmux/provider-ollama'",
    "export const load = (): Promise<{ answer: typeof answer }> => import('@openmux/provider-ollama')",
  ].join('\n'),
  'tools/helper.ts': 'export const helper = String\n',
}

/** Writes a sound workspace with some files changed, and hands its root to `use`. */
export function withTree<T>(changes: Tree, use: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), 'openmux-boundaries-'))
  try {
    for (const [path, content] of Object.entries({ ...SOUND, ...changes })) {
      const file = join(root, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    }
    return use(root)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
