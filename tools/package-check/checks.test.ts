import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { commandsOf, entryPoints } from './clean-install.ts'
import { coreDependencyProblems } from './core-checks.ts'
import type { PackedManifest, PackedPackage } from './packed-package.ts'
import { Results } from './results.ts'
import {
  fileListProblems,
  inlinedCoreProblems,
  manifestProblems,
  packedSizeProblems,
} from './tarball-checks.ts'

const SOUND_FILES = ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']
const folders: string[] = []

function packed(
  files: readonly string[],
  manifest: Partial<PackedManifest> = {},
  folder = '',
): PackedPackage {
  return { name: '@x/y', tarball: '', folder, files, manifest: { name: '@x/y', ...manifest } }
}

function unpacked(files: Record<string, string>): PackedPackage {
  const folder = mkdtempSync(join(tmpdir(), 'openmux-package-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return packed(Object.keys(files), {}, folder)
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

it('accepts the build, the papers and assets', () => {
  expect(fileListProblems(packed([...SOUND_FILES, 'CHANGELOG.md', 'assets/a.onnx', 'model/a.onnx']))).toEqual(
    [],
  )
})

it('refuses a model that is too large to be brought along', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openmux-package-'))
  folders.push(folder)
  const tarball = join(folder, 'packed.tgz')
  writeFileSync(tarball, 'x'.repeat(1_000))
  expect(packedSizeProblems({ ...packed([]), tarball }, 1_000)).toEqual([])
  expect(packedSizeProblems({ ...packed([]), tarball }, 999)).toEqual(['1000 bytes packed, more than 999'])
})

it.each(['LICENSE', 'README.md'])('asks for %s', (name) => {
  expect(fileListProblems(packed(SOUND_FILES.filter((file) => file !== name)))).toEqual([
    `${name} is missing`,
  ])
})

it('asks for the build', () => {
  expect(fileListProblems(packed(['LICENSE', 'README.md', 'package.json']))).toEqual(['dist is missing'])
})

it.each([
  'src/index.ts',
  'tests/a.test.ts',
  'tsconfig.json',
  '.env',
  'dist/index.test.js',
  'dist/tests/a.js',
])('refuses %s', (name) => {
  expect(fileListProblems(packed([...SOUND_FILES, name]))).toHaveLength(1)
})

it('refuses ranges that mean nothing outside of the workspace', () => {
  expect(manifestProblems(packed([], { peerDependencies: { a: 'workspace:^', b: '^1.0.0' } }))).toEqual([
    'a is asked for as workspace:^',
  ])
})

it('refuses scripts that run at a user’s install', () => {
  expect(manifestProblems(packed([], { scripts: { test: 'x', postinstall: 'y' } }))).toEqual([
    'has the install script postinstall',
  ])
})

it.each(["Symbol.for('openmux.error')", 'Symbol.for("openmux.error")', 'Symbol.for( `openmux.error` )'])(
  'finds a copy of core by its mark: %s',
  (mark) => {
    expect(inlinedCoreProblems(unpacked({ 'dist/chunk.js': `const MARK = ${mark}` }))).toHaveLength(1)
  },
)

it('lets a package name the mark without making it', () => {
  expect(
    inlinedCoreProblems(unpacked({ 'dist/index.js': "import '@openmux/core' // openmux.error" })),
  ).toEqual([])
})

it('imports JavaScript entry points only', () => {
  const exports = {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './part': './dist/part.js',
    './types': { types: './dist/types.d.ts' },
    './package.json': './package.json',
    './files/*': './dist/files/*.js',
  }
  expect(entryPoints(packed([], { exports }))).toEqual(['@x/y', '@x/y/part'])
})

it('finds the commands of a package', () => {
  expect(commandsOf(packed([], { bin: './dist/bin.js' }))).toEqual({ '@x/y': './dist/bin.js' })
  expect(commandsOf(packed([]))).toEqual({})
})

it('counts the dependencies of core', () => {
  const dependencies = { a: '1', b: '1', c: '1', d: '1' }
  expect(coreDependencyProblems(packed([], { dependencies }))).toEqual([
    '4 run-time dependencies: a, b, c, d',
  ])
})

it('counts each check, and a crash as a failed one', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const results = new Results()
  await results.check('good', () => [])
  await results.check('bad', () => ['one thing', 'another'])
  await results.check('broken', () => Promise.reject(new Error('no such file')))
  expect(results.outcome).toEqual({
    passed: 1,
    failures: ['package check: bad: one thing; another', 'package check: broken: no such file'],
    skips: [],
  })
})
