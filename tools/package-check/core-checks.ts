import { build, type Metafile } from 'esbuild'
import type { PackedPackage } from './packed-package.ts'
import type { Problems } from './results.ts'

const SIZE_LIMIT = 100_000
const DEPENDENCY_LIMIT = 3

/**
 * Core with all it needs, bundled for a browser: that fails on a Node built-in, and gives the size. What counts is
 * what an import of core brings along; parts that are loaded when they are first needed are told beside it.
 */
export async function coreSizeProblems(core: PackedPackage, folder: string): Promise<Problems> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from '${core.name}'`, resolveDir: folder },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    outdir: 'out',
    metafile: true,
    logLevel: 'silent',
  })
  const total = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0)
  const bytes = [...importedAtOnce(metafile.outputs)].reduce((sum, { bytes: size }) => sum + size, 0)
  const later = `${((total - bytes) / 1000).toFixed(1)} kB more when they are needed`
  console.log(`  ${core.name}: ${(bytes / 1000).toFixed(1)} kB minified, with its dependencies; ${later}`)
  return bytes <= SIZE_LIMIT ? [] : [`${bytes} bytes minified, more than ${SIZE_LIMIT}`]
}

type Output = Metafile['outputs'][string]

/** The entry and every chunk it imports by a statement. */
function importedAtOnce(outputs: Metafile['outputs']): ReadonlySet<Output> {
  const found = new Set<Output>()
  const take = (output: Output | undefined): void => {
    if (output === undefined || found.has(output)) return
    found.add(output)
    for (const { kind, path } of output.imports) if (kind === 'import-statement') take(outputs[path])
  }
  take(Object.values(outputs).find(({ entryPoint }) => entryPoint === '<stdin>'))
  if (found.size === 0) throw new Error('the bundle of core has no entry')
  return found
}

export function coreDependencyProblems({ manifest }: PackedPackage): Problems {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  return names.length <= DEPENDENCY_LIMIT
    ? []
    : [`${names.length} run-time dependencies: ${names.join(', ')}`]
}
