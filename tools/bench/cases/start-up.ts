import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { type Row, time } from '../row.ts'

const RUNS = 15

/** What it costs to start: importing the core, and the command line's first byte of help. */
export async function startUp(): Promise<readonly Row[]> {
  const core = fileURLToPath(import.meta.resolve('@openmux/core'))
  const bin = fileURLToPath(import.meta.resolve('openmux').replace(/index\.js$/, 'bin.js'))
  const importMs = await median(() => importTime(core))
  const emptyMs = await median(() => firstByte(['-e', 'process.stdout.write("x")']))
  const helpMs = await median(() => firstByte([bin, '--help']))
  const { atOnce, later } = minified(core)
  return [
    { what: 'import of core', measured: time(importMs * 1_000), target: '≤ 30 ms', met: importMs <= 30 },
    {
      what: 'core minified, dependencies included: what an import brings along',
      measured: `${kB(size(atOnce))} (${kB(atOnce.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0))} gzip), and ${kB(size(later))} in parts that are loaded when they are first needed`,
      target: '≤ 100 kB',
      met: size(atOnce) <= 100_000,
    },
    {
      what: 'command line, first byte of help',
      measured: `${time(helpMs * 1_000)}, of which Node itself ${time(emptyMs * 1_000)}`,
      target: '≤ 100 ms',
      met: helpMs <= 100,
    },
  ]
}

async function importTime(file: string): Promise<number> {
  const code = `const t = performance.now(); await import(${JSON.stringify(`file://${file}`)}); process.stdout.write(String(performance.now() - t))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code])
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  return Number(text.toString())
}

async function firstByte(args: readonly string[]): Promise<number> {
  const start = performance.now()
  const child = spawn(process.execPath, args)
  await once(child.stdout, 'data')
  const took = performance.now() - start
  child.stdout.resume()
  await once(child, 'close')
  return took
}

/** Core bundled with all it needs, as browsers would get it: what its import loads, and the parts loaded on first use. */
function minified(entry: string): {
  readonly atOnce: readonly Uint8Array[]
  readonly later: readonly Uint8Array[]
} {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    outdir: '/out',
    format: 'esm',
    platform: 'browser',
    metafile: true,
    logLevel: 'error',
  })
  const statically = new Set<string>()
  const take = (path: string): void => {
    if (statically.has(path)) return
    statically.add(path)
    for (const { kind, path: imported } of metafile.outputs[path]?.imports ?? [])
      if (kind === 'import-statement') take(imported)
  }
  const named = Object.entries(metafile.outputs)
  for (const [path, { entryPoint }] of named)
    if (entryPoint !== undefined && entry.endsWith(entryPoint.replace(/^.*\/packages\//, ''))) take(path)
  const contents = named.map(([path], index) => ({
    path,
    bytes: outputFiles[index]?.contents ?? new Uint8Array(),
  }))
  const of = (atOnce: boolean): readonly Uint8Array[] =>
    contents.filter(({ path }) => statically.has(path) === atOnce).map(({ bytes }) => bytes)
  return { atOnce: of(true), later: of(false) }
}

function size(files: readonly Uint8Array[]): number {
  return files.reduce((sum, bytes) => sum + bytes.length, 0)
}

function kB(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`
}

async function median(measure: () => Promise<number>): Promise<number> {
  const values: number[] = []
  for (let run = 0; run < RUNS; run += 1) values.push(await measure())
  return values.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0
}
