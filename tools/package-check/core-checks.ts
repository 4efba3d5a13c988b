import { build } from 'esbuild'
import type { PackedPackage } from './packed-package.ts'
import type { Problems } from './results.ts'

const SIZE_LIMIT = 100_000
const DEPENDENCY_LIMIT = 3

/** Core with all it needs, bundled for a browser: that fails on a Node built-in, and gives the size. */
export async function coreSizeProblems(core: PackedPackage, folder: string): Promise<Problems> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${core.name}'`, resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  })
  const bytes = outputFiles.reduce((total, { contents }) => total + contents.length, 0)
  console.log(`  ${core.name}: ${(bytes / 1000).toFixed(1)} kB minified, with its dependencies`)
  return bytes <= SIZE_LIMIT ? [] : [`${bytes} bytes minified, more than ${SIZE_LIMIT}`]
}

export function coreDependencyProblems({ manifest }: PackedPackage): Problems {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  return names.length <= DEPENDENCY_LIMIT
    ? []
    : [`${names.length} run-time dependencies: ${names.join(', ')}`]
}
