import { parseArgs } from 'node:util'
import { type StormReport, stormInProcess, stormOverHttp } from './storm/run.ts'
import { verdict } from './storm/verdict.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    http: { type: 'string', default: '0' },
  },
})
const seed = Number(values.seed)
const started = Date.now()
const tell = ({ settled, done, broken, heap }: StormReport): void => {
  const heapMb = ((heap.at(-1) ?? 0) / 2 ** 20).toFixed(0)
  console.error(`${settled} settled, ${done} answered, ${broken.size} promises broken, ${heapMb} MB`)
}

const reports: [string, StormReport][] = []
if (Number(values.requests) > 0)
  reports.push([
    'in process',
    await stormInProcess({ requests: Number(values.requests), seed, onProgress: tell }),
  ])
if (Number(values.http) > 0)
  reports.push([
    'over HTTP',
    await stormOverHttp({ requests: Number(values.http), seed, speed: 20, onProgress: tell }),
  ])

for (const [where, report] of reports) {
  const { lines, failures } = verdict(report, { hasGc: globalThis.gc !== undefined })
  console.log(
    [`${where}, seed ${seed}, ${((Date.now() - started) / 1_000).toFixed(0)} s`, ...lines, ...failures].join(
      '\n',
    ),
  )
  if (failures.length > 0) process.exitCode = 1
}
