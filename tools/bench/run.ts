import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { abort } from './cases/abort.ts'
import { classify } from './cases/classify.ts'
import { guide } from './cases/guide.ts'
import { inMemory } from './cases/in-memory.ts'
import { overHttp } from './cases/over-http.ts'
import { overOllama } from './cases/over-ollama.ts'
import { scenarios } from './cases/scenarios.ts'
import { startUp } from './cases/start-up.ts'
import { type Row, table } from './row.ts'
import { startUpstream } from './start-upstream.ts'

/**
 * `npm run bench`: measures, prints the tables; with `--write` also puts them into docs/benchmarks.md, with
 * `--no-scenarios` leaves out the failure scenarios, which take two minutes because they are played at real speed.
 */
const load = loadavg()[0] ?? 0
const rows: Row[] = []
const step = async (what: string, work: () => Promise<readonly Row[]>): Promise<void> => {
  const started = performance.now()
  process.stderr.write(`${what} … `)
  rows.push(...(await work()))
  process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(0)} s\n`)
}

const upstream = await startUpstream()
await step('start-up', startUp)
await step('in memory', inMemory)
await step('task of a request', classify)
await step('over HTTP', () => overHttp(upstream))
await step('over HTTP, Ollama', () => overOllama(upstream))
await step('abort', () => abort(upstream))
upstream.stop()
await step('the guide', guide)
let outcomes = ''
if (!process.argv.includes('--no-scenarios')) {
  await step('failure scenarios', async () => {
    const played = await scenarios()
    outcomes = `\n\n## What becomes of the public failure scenarios\n\n${played.table}`
    return played.rows
  })
}

const missed = rows.filter(({ met }) => met === false)
const machine = `Node ${process.version}, ${cpus().length} cores, load ${load.toFixed(1)} when it began.`
const summary =
  missed.length === 0 ? 'All targets are met.' : `Not met: ${missed.map(({ what }) => what).join('; ')}.`
const text = `${table(rows)}\n\n${machine} ${summary}${outcomes}\n`
process.stdout.write(text)

if (process.argv.includes('--write')) {
  const page = new URL('../../docs/benchmarks.md', import.meta.url)
  const marker = /(<!-- measured -->\n)[\s\S]*?(<!-- end -->)/
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(
      marker,
      (_all, begin: string, end: string) => `${begin}\n${text}\n${end}`,
    ),
  )
}
process.exit(0)
