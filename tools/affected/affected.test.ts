import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { workspacePackages } from '../setup/build-closure.mjs'
import { root } from '../setup/workspace.mjs'
import { askNx } from './ask-nx.ts'
import { plan } from './plan.ts'
import { type Project, readProjects, TARGETS } from './projects.ts'

/**
 * A throw-away clone of this repository as it lies here, uncommitted files included. Its files are
 * copied, for `git clone` leaves those out and refuses a folder of another owner.
 */
const clone = mkdtempSync(join(tmpdir(), 'openmux-affected-test-'))

function git(folder: string, ...args: string[]): string {
  const settings = [
    'user.name=Test',
    'user.email=test@example.invalid',
    'commit.gpgsign=false',
    'core.hooksPath=',
    'safe.directory=*',
  ]
  return execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

beforeAll(() => {
  const deleted = git(root, 'ls-files', '--deleted', '-z').split('\0')
  const present = git(root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0')
  for (const file of present.filter((name) => name !== '' && !deleted.includes(name))) {
    mkdirSync(dirname(join(clone, file)), { recursive: true })
    cpSync(join(root, file), join(clone, file))
  }
  git(clone, 'init', '--quiet')
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  writeFileSync(join(clone, '.git', 'info', 'exclude'), 'node_modules\n')
  git(clone, 'add', '--all')
  git(clone, 'commit', '--quiet', '--message', 'as it lies here')
})

beforeEach(() => {
  git(clone, 'reset', '--quiet', '--hard')
  git(clone, 'clean', '--quiet', '--force', '-d')
})

afterAll(() => rmSync(clone, { recursive: true, force: true }))

function change(file: string, text = '\n'): void {
  mkdirSync(dirname(join(clone, file)), { recursive: true })
  appendFileSync(join(clone, file), text)
}

/** What runs after a change: `project:target`, sorted. */
async function reached(): Promise<string[]> {
  const { projects } = await plan(clone, 'HEAD')
  return projects.flatMap(({ name, targets }) => targets.map((target) => `${name}:${target}`)).toSorted()
}

/** A project and all that lean on it, directly or not, by the manifests. */
function withDependents(name: string): string[] {
  const found = new Set([name])
  for (let size = 0; size !== found.size;) {
    size = found.size
    for (const [dependent, { manifest }] of workspacePackages()) {
      const { dependencies, peerDependencies, devDependencies } = manifest
      const needs = Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies })
      if (needs.some((need) => found.has(need))) found.add(dependent)
    }
  }
  return [...found]
}

function everyTask(ofPackages: readonly string[]): string[] {
  return ofPackages.flatMap((name) => TARGETS.map((target) => `${name}:${target}`)).toSorted()
}

/** The tools that are projects (benchmarks) lean on packages as well: left out where packages are meant. */
function packagesOnly(tasks: readonly string[]): string[] {
  const names = readProjects(clone)
    .filter(({ folder }) => folder.startsWith('packages/'))
    .map(({ name }) => name)
  return tasks.filter((task) => names.includes(task.slice(0, task.lastIndexOf(':'))))
}

describe('a change in one provider’s source', () => {
  it('runs that provider and its dependents, and nothing else', async () => {
    change('packages/provider-ollama/src/index.ts', '// changed\n')
    const expected = withDependents('@openmux/provider-ollama')
    expect(expected).toContain('openmux')
    expect(expected).not.toContain('@openmux/testkit')
    expect(packagesOnly(await reached())).toEqual(everyTask(expected))
  })

  it('is explained by the file, and linted with what it reaches', async () => {
    change('packages/provider-ollama/src/index.ts', '// changed\n')
    const { projects, lint, tools } = await plan(clone, 'HEAD')
    for (const { reasons } of projects) expect(reasons).toEqual(['packages/provider-ollama/src/index.ts'])
    expect(lint).toEqual(projects.map(({ folder }) => folder))
    expect(tools).toBe(false)
  })

  it('counts when it is committed, too', async () => {
    change('packages/provider-ollama/src/index.ts', '// changed\n')
    git(clone, 'commit', '--quiet', '--all', '--message', 'a change')
    try {
      const { projects } = await plan(clone, 'HEAD~1')
      expect(projects.map(({ name }) => name)).toContain('@openmux/provider-ollama')
    } finally {
      git(clone, 'reset', '--quiet', '--hard', 'HEAD~1')
    }
  })
})

it.each(['tests/new.test.ts', 'src/new.test.ts', 'vitest.config.ts'])(
  'a change in a provider’s %s runs its types and tests only',
  async (file) => {
    change(`packages/provider-ollama/${file}`, '// changed\n')
    expect(await reached()).toEqual(['@openmux/provider-ollama:test', '@openmux/provider-ollama:typecheck'])
  },
)

it('a change in core runs all', async () => {
  change('packages/core/src/index.ts', '// changed\n')
  expect(packagesOnly(await reached())).toEqual(everyTask(withDependents('@openmux/core')))
  const untouched = [...workspacePackages().keys()].filter(
    (name) => !withDependents('@openmux/core').includes(name),
  )
  // The one package that is meant to lean on nothing of ours, once it is there.
  expect(untouched.filter((name) => name !== '@openmux/model-nano')).toEqual([])
})

it.each([
  'docs/new.md',
  'README.md',
  'packages/core/README.md',
  'packages/core/docs/deep.md',
  '.changeset/new.md',
])('a change in %s runs no task of any package', async (file) => {
  change(file)
  const { files, lint, tools } = await plan(clone, 'HEAD')
  expect(files).toEqual([file])
  expect(packagesOnly(await reached())).toEqual([])
  expect(lint.filter((folder) => !folder.startsWith('tools/'))).toEqual([])
  expect(tools).toBe(false)
})

it.each(['docs/new.md', 'README.md', 'packages/core/README.md'])(
  'a change in %s runs the test of the documents',
  async (file) => {
    change(file)
    expect(await reached()).toEqual(['openmux-docs:test'])
  },
)

it.each(['tsconfig.base.json', 'tools/build/tsup.ts', 'pnpm-lock.yaml', 'nx.json', 'package.json'])(
  'a change in %s runs all',
  async (file) => {
    change(file)
    expect(packagesOnly(await reached())).toEqual(everyTask([...workspacePackages().keys()]))
  },
)

it('a change in a tool’s script runs the types and tests of the tools', async () => {
  change('tools/boundaries/rules.ts')
  const { projects, lint, tools } = await plan(clone, 'HEAD')
  expect({ projects, lint, tools }).toEqual({ projects: [], lint: ['tools'], tools: true })
})

it('a base that is not there is an error, not an empty plan', async () => {
  await expect(plan(clone, 'no-such-branch')).rejects.toThrow('no-such-branch')
})

it('a workspace that nx cannot read is an error, not an empty plan', async () => {
  change('nx.json', '{')
  await expect(plan(clone, 'HEAD')).rejects.toThrow('nx affected failed')
})

it('an nx that does not see the whole workspace is an error, not a smaller plan', async () => {
  const unseen: Project = { name: 'unseen', folder: 'packages/unseen', targets: ['test'] }
  await expect(askNx(clone, 'HEAD', [...readProjects(clone), unseen])).rejects.toThrow(
    'but the workspace has',
  )
})
