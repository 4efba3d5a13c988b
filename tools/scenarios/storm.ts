import { inspect, parseArgs } from 'node:util'
import type { Played } from './storm/play.ts'
import type { Seen } from './storm/script.ts'
import { stormInProcess, stormOverHttp } from './storm/run.ts'
import type { StormReport } from './storm/storm.ts'
import { LEAST_COMPLETE, LEAST_COMPLETE_OVER_HTTP, verdict } from './storm/verdict.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    http: { type: 'string', default: '0' },
    /** Numbers of requests whose whole story is told, with commas. */
    show: { type: 'string' },
  },
})
const seed = Number(values.seed)
const started = Date.now()
const tell = ({ settled, done, broken, heap }: StormReport): void => {
  const heapMb = ((heap.at(-1) ?? 0) / 2 ** 20).toFixed(0)
  console.error(`${settled} settled, ${done} answered, ${broken.size} promises broken, ${heapMb} MB`)
}

const onPlayed = (played: Played, seen: readonly Seen[]): void => {
  if (values.show?.split(',').includes(String(played.request.number)) === true)
    console.error(inspect({ ...played, seen }, { depth: 6 }))
}

const reports: [string, StormReport][] = []
if (Number(values.requests) > 0)
  reports.push([
    'in process',
    await stormInProcess({ requests: Number(values.requests), seed, onProgress: tell, onPlayed }),
  ])
if (Number(values.http) > 0)
  reports.push([
    'over HTTP',
    await stormOverHttp({
      requests: Number(values.http),
      seed,
      speed: 10,
      pace: 8,
      onProgress: tell,
      onPlayed,
    }),
  ])

for (const [where, report] of reports) {
  const { lines, failures } = verdict(report, {
    hasGc: globalThis.gc !== undefined,
    leastComplete: where === 'in process' ? LEAST_COMPLETE : LEAST_COMPLETE_OVER_HTTP,
  })
  console.log(
    [`${where}, seed ${seed}, ${((Date.now() - started) / 1_000).toFixed(0)} s`, ...lines, ...failures].join(
      '\n',
    ),
  )
  if (failures.length > 0) process.exitCode = 1
}
