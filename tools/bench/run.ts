import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { abort } from './cases/abort.ts'
import { inMemory } from './cases/in-memory.ts'
import { overHttp } from './cases/over-http.ts'
import { startUp } from './cases/start-up.ts'
import { table } from './row.ts'
import { startUpstream } from './start-upstream.ts'

/** `npm run bench`: measures, prints the table; with `--write` also puts it into docs/benchmarks.md. */
const upstream = await startUpstream()
const rows = [
  ...(await inMemory()),
  ...(await overHttp(upstream)),
  ...(await abort(upstream)),
  ...(await startUp()),
]
upstream.stop()

const machine = `Node ${process.version}, ${cpus().length} cores.`
const text = `${table(rows)}\n\n${machine}\n`
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
