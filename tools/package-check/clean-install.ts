import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, workspaceNode, workspacePnpm } from '../setup/workspace.mjs'
import { outputOf } from './command.ts'
import type { PackedPackage } from './packed-package.ts'
import type { Problems } from './results.ts'

/** The Node lines that packages promise to run on, with where the workspace keeps each. */
export const NODES = [
  { line: 22, node: join(root, 'tools', 'node-versions', 'node_modules', 'node-22', 'bin', 'node') },
  { line: 24, node: workspaceNode },
  { line: 26, node: join(root, 'tools', 'node-versions', 'node_modules', 'node-26', 'bin', 'node') },
] as const

/** Installs every tarball in a folder that knows nothing of the workspace, as a user would. */
export async function installTarballs(packages: readonly PackedPackage[], folder: string): Promise<Problems> {
  mkdirSync(folder, { recursive: true })
  const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const manifest = { name: 'a-user', private: true, type: 'module', dependencies: tarballs }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  // Ours ask for each other by version: the overrides stand in for the registry. Optional peers
  // stay out, as they do for a user who does not name them. (JSON is YAML.)
  const settings = { overrides: tarballs, strictDepBuilds: false, pmOnFail: 'ignore', packages: [] }
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify(settings))
  await outputOf(workspacePnpm, ['install', '--prefer-offline', '--no-frozen-lockfile'], { cwd: folder })
  return []
}

/** Imports every entry point of a package; fails also when the import keeps the process from ending. */
export async function importProblems(one: PackedPackage, folder: string, node: string): Promise<Problems> {
  const script = `
    for (const entry of ${JSON.stringify(entryPoints(one))}) {
      const found = await import(entry)
      if (Object.keys(found).length === 0) throw new Error(entry + ' exports nothing')
    }
    setTimeout(() => { console.error('something keeps the process alive'); process.exit(1) }, 5_000).unref()`
  await outputOf(node, ['--input-type=module', '--eval', script], { cwd: folder, env: process.env })
  return []
}

/** Runs each command of a package for its help. */
export async function commandProblems(one: PackedPackage, folder: string, node: string): Promise<Problems> {
  for (const file of Object.values(commandsOf(one))) {
    const script = join(folder, 'node_modules', one.name, file)
    const output = await outputOf(node, [script, '--help'], { cwd: folder, env: process.env })
    if (output.trim() === '') return [`${file} --help prints nothing`]
  }
  return []
}

export function commandsOf({ name, manifest: { bin } }: PackedPackage): Readonly<Record<string, string>> {
  return typeof bin === 'string' ? { [name]: bin } : (bin ?? {})
}

/** The specifiers of a package's JavaScript entry points. */
export function entryPoints({ name, manifest }: PackedPackage): string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([path, target]) => !path.includes('*') && isJavaScript(target))
    .map(([path]) => name + path.slice(1))
}

function isJavaScript(target: unknown): boolean {
  if (typeof target === 'string') return /\.[cm]?js$/.test(target)
  if (target === null || typeof target !== 'object') return false
  return Object.entries(target).some(([condition, value]) => condition !== 'types' && isJavaScript(value))
}
