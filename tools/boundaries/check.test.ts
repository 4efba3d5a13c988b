import { describe, expect, it } from 'vitest'
import { root } from '../setup/workspace.mjs'
import { checkBoundaries } from './check-boundaries.ts'
import { type Tree, withTree } from './fixture-tree.ts'

/** The rules that a tree breaks, each with its place. */
function broken(changes: Tree): string[] {
  return withTree(changes, (tree) =>
    checkBoundaries(tree).violations.map(({ rule, where }) => `${rule} at ${where}`),
  )
}

const HTTP = {
  name: '@openmux/http',
  dependencies: { undici: '1.0.0' },
  peerDependencies: { '@openmux/core': '*' },
}

describe('a sound workspace', () => {
  it('keeps every rule', () => {
    expect(broken({})).toEqual([])
  })

  it('is what this repository is read as', () => {
    const { packages, files } = checkBoundaries(root)
    expect(packages).toBeGreaterThanOrEqual(6)
    expect(files).toBeGreaterThan(packages)
  })
})

describe('allowed edges', () => {
  it.each([
    ['static', "export { x } from '@openmux/provider-hf-local'"],
    ['types', "import type { x } from '@openmux/provider-hf-local'\nexport type Y = typeof x"],
    ['inline types', "export type Y = import('@openmux/provider-hf-local').X"],
    ['lazy', "export const x = import('@openmux/provider-hf-local')"],
    ['required', "export const x = require('@openmux/provider-hf-local/part')"],
  ])('one provider may not import another (%s)', (_kind, source) => {
    const tree = {
      'packages/provider-hf-local/package.json': { name: '@openmux/provider-hf-local' },
      'packages/provider-ollama/package.json': {
        name: '@openmux/provider-ollama',
        peerDependencies: { '@openmux/provider-hf-local': '*' },
      },
      'packages/provider-ollama/src/index.ts': source,
      'packages/provider-ollama/tests/contract.test.ts': '',
    }
    expect(broken(tree)).toEqual([
      'allowed-edges at packages/provider-ollama/src/index.ts:1',
      'allowed-edges at packages/provider-ollama/package.json',
    ])
  })

  it('core may import nothing of ours, nor depend on it', () => {
    const tree = {
      'packages/core/package.json': { name: '@openmux/core', devDependencies: { '@openmux/testkit': '*' } },
      'packages/core/src/index.ts': "export * from '@openmux/testkit'",
    }
    expect(broken(tree)).toContain('allowed-edges at packages/core/src/index.ts:1')
  })

  it('the command line loads providers lazily', () => {
    expect(broken({ 'packages/cli/src/index.ts': "\nexport * from '@openmux/provider-ollama'" })).toEqual([
      'allowed-edges at packages/cli/src/index.ts:2',
    ])
  })

  it('only tests may import the test kit', () => {
    expect(broken({ 'packages/provider-ollama/src/index.ts': "export * from '@openmux/testkit'" })).toEqual([
      'allowed-edges at packages/provider-ollama/src/index.ts:1',
      'declared-imports at packages/provider-ollama/src/index.ts:1',
    ])
  })

  it('users may not be made to install the test kit', () => {
    const tree = {
      'packages/provider-ollama/package.json': {
        name: '@openmux/provider-ollama',
        dependencies: { '@openmux/http': '*', '@openmux/testkit': '*' },
      },
    }
    expect(broken(tree)).toEqual(['allowed-edges at packages/provider-ollama/package.json'])
  })

  it('a new package states what it may import', () => {
    const tree = { 'packages/newcomer/package.json': { name: '@openmux/newcomer' } }
    expect(broken(tree)).toEqual(['allowed-edges at packages/newcomer'])
  })
})

describe('no cycles', () => {
  it('not even by way of dev dependencies', () => {
    const tree = {
      'packages/core/package.json': { name: '@openmux/core', devDependencies: { '@openmux/testkit': '*' } },
    }
    expect(broken(tree)).toContain('no-cycles at packages')
  })
})

describe('declared imports', () => {
  it('source may not lean on a dev dependency', () => {
    const tree = {
      'packages/http/package.json': { ...HTTP, devDependencies: { got: '1.0.0' } },
      'packages/http/src/deep/part.ts': "export * from 'got/part'",
    }
    expect(broken(tree)).toEqual(['declared-imports at packages/http/src/deep/part.ts:1'])
  })

  it('source may not lean on what the workspace has for itself', () => {
    expect(broken({ 'packages/http/src/deep/part.ts': "export * from 'vitest'" })).toEqual([
      'declared-imports at packages/http/src/deep/part.ts:1',
    ])
  })

  it('an import of ours is declared like any other', () => {
    const tree = { 'packages/http/package.json': { name: '@openmux/http', dependencies: { undici: '1' } } }
    expect(broken(tree)).toEqual(['declared-imports at packages/http/src/index.ts:3'])
  })

  it('tests may not import what nobody declares', () => {
    const tree = {
      'packages/provider-ollama/tests/more.test.ts': "import { vi } from 'vitest'\nvi.mock('got')",
    }
    expect(broken(tree)).toEqual(['declared-imports at packages/provider-ollama/tests/more.test.ts:2'])
  })
})

describe('no path into another package', () => {
  it.each([
    ['an import', "export * from '../../core/src/index.js'"],
    ['a file beside the module', "export const x = new URL('../../core/src/index.js', import.meta.url)"],
  ])('from source (%s)', (_kind, source) => {
    expect(broken({ 'packages/http/src/index.ts': source })).toEqual([
      'no-relative-escape at packages/http/src/index.ts:1',
    ])
  })

  it('from tests', () => {
    const test = "import '../../core/src/index.js'"
    expect(broken({ 'packages/provider-ollama/tests/more.test.ts': test })).toEqual([
      'no-relative-escape at packages/provider-ollama/tests/more.test.ts:1',
    ])
  })

  it('from tools', () => {
    expect(broken({ 'tools/helper.ts': "export * from '../packages/core/src/index.ts'" })).toEqual([
      'no-relative-escape at tools/helper.ts:1',
    ])
  })

  it('nor, from source, to anywhere that is not published with it', () => {
    expect(broken({ 'packages/http/src/index.ts': "export * from '../../../tools/helper.ts'" })).toEqual([
      'no-relative-escape at packages/http/src/index.ts:1',
    ])
  })
})

describe('core', () => {
  it.each(['node:fs', 'fs/promises', 'node:events'])('imports no Node built-in: %s', (builtin) => {
    expect(broken({ 'packages/core/src/index.ts': `import '${builtin}'` })).toEqual([
      'core-without-node at packages/core/src/index.ts:1',
    ])
  })

  it('imports Node behind the side door for it, and nowhere else', () => {
    const store = "import { open } from 'node:fs/promises'\nexport const x = open"
    expect(broken({ 'packages/core/src/node/index.ts': store })).toEqual([])
    expect(broken({ 'packages/core/src/store/index.ts': store })).toEqual([
      'core-without-node at packages/core/src/store/index.ts:1',
    ])
    expect(broken({ 'packages/core/src/nodes/index.ts': store })).toEqual([
      'core-without-node at packages/core/src/nodes/index.ts:1',
    ])
  })

  it.each([
    ['static', "export { x } from '../node/index.js'"],
    ['types', "import type { x } from '../node/file.js'\nexport type Y = typeof x"],
    ['lazy', "export const x = import('../node/index.js')"],
    ['by its name', "export const x = import('@openmux/core/node')"],
    ['the store', "export { x } from '../store/index.js'"],
  ])('does not go through its own side doors on the main path (%s)', (_kind, source) => {
    expect(broken({ 'packages/core/src/run/part.ts': source })).toContain(
      'core-side-doors-shut at packages/core/src/run/part.ts:1',
    )
  })

  it('lets one side door use another only where that is allowed', () => {
    const through = (door: string): string => `export type { x } from '../${door}/index.js'`
    const inner = "export type { x } from './part.js'"
    expect(broken({ 'packages/core/src/node/index.ts': through('store') })).toEqual([])
    expect(broken({ 'packages/core/src/store/index.ts': inner })).toEqual([])
    expect(broken({ 'packages/core/src/store/index.ts': through('node') })).toEqual([
      'core-side-doors-shut at packages/core/src/store/index.ts:1',
    ])
  })

  it.each([
    ['a string', "export const x = id === 'ollama'\ndeclare const id: string"],
    ['part of a string', "export const x = 'start Ollama first'"],
    ['a template', 'export const x = `${1} open-router`'],
    ['an identifier', 'export const isHuggingFace = true'],
    ['a property', 'export const x = { hfLocal: 1 }'],
  ])('mentions no provider by name: %s', (_kind, source) => {
    expect(broken({ 'packages/core/src/index.ts': source })).toEqual([
      'core-without-provider-names at packages/core/src/index.ts:1',
    ])
  })

  it('knows the name of every provider package there is', () => {
    const tree = {
      'packages/provider-ollama/package.json': { name: '@openmux/provider-ollama' },
      'packages/provider-newcloud/package.json': { name: '@openmux/provider-newcloud' },
      'packages/core/src/index.ts': "export const x = 'new-cloud'",
    }
    expect(broken(tree)).toContain('core-without-provider-names at packages/core/src/index.ts:1')
  })
})

describe('a file that cannot be parsed', () => {
  it('is a failure, for it could hide anything', () => {
    expect(broken({ 'packages/core/src/index.ts': 'export const = {' })).toEqual([
      'readable at packages/core/src/index.ts',
    ])
  })
})
