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
  const bytes = minified(core)
  return [
    { what: 'import of core', measured: time(importMs * 1_000), target: '≤ 30 ms', met: importMs <= 30 },
    {
      what: 'core minified, dependencies included',
      measured: `${(bytes.length / 1_000).toFixed(1)} kB (${(gzipSync(bytes).length / 1_000).toFixed(1)} kB gzip)`,
      target: '≤ 100 kB',
      met: bytes.length <= 100_000,
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

function minified(entry: string): Uint8Array {
  const built = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  })
  return built.outputFiles[0]?.contents ?? new Uint8Array()
}

async function median(measure: () => Promise<number>): Promise<number> {
  const values: number[] = []
  for (let run = 0; run < RUNS; run += 1) values.push(await measure())
  return values.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0
}
