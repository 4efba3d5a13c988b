import { fastClock } from '../fast-clock.ts'
import { closeEngines, enginesOver } from './engines.ts'
import { Storm, type StormOptions, type StormReport } from './storm.ts'
import { type OpenAnswers, stormFetch } from './storm-fetch.ts'
import { StormServer } from './storm-server.ts'
import { StormUpstream } from './upstream.ts'
import { VirtualClock } from './virtual-clock.ts'

/** Plays the storm in this process: virtual time, the real provider and readers, every byte made up by the seed. */
export async function stormInProcess(options: StormOptions): Promise<StormReport> {
  // Whatever is loaded when it is first needed is loaded before the story begins.
  await story({ requests: Math.min(options.requests, 500), seed: 0 })
  return story(options)
}

async function story(options: StormOptions): Promise<StormReport> {
  const clock = new VirtualClock()
  const upstream = new StormUpstream(options.seed, clock, options.pace ?? 1)
  const open: OpenAnswers = { count: 0 }
  const fetch = stormFetch(upstream, clock, open)
  const engines = enginesOver((id) => `http://${id}.storm/v1`, clock, options.seed, fetch)
  const storm = new Storm(options, clock, upstream, engines, 0)
  const over = storm.run()
  let finished = false
  void over
    .finally(() => {
      finished = true
    })
    .catch(() => undefined)
  await clock.runUntil(() => finished)
  await over
  const timers = await clock.drain(60_000)
  const { report } = storm
  report.leaks = [
    ...storm.leaks(),
    ...(timers > 0 ? [`${timers} timers`] : []),
    ...(open.count > 0 ? [`${open.count} answers that were neither read to their end nor let go of`] : []),
  ]
  await closeEngines(engines)
  return report
}

/** Plays the storm over real sockets, in time that passes `speed` times as fast. */
export async function stormOverHttp(
  options: StormOptions & { readonly speed: number },
): Promise<StormReport> {
  const clock = fastClock(options.speed)
  const upstream = new StormUpstream(options.seed, clock, options.pace ?? 1)
  const server = new StormServer(upstream, clock)
  const origin = await server.listen()
  const engines = enginesOver((id) => `${origin}/${id}/v1`, clock, options.seed)
  // Real time is never exact: 250 ms of it, as the engine sees them.
  const storm = new Storm(options, clock, upstream, engines, 250 * options.speed)
  try {
    await storm.run()
    const { report } = storm
    // Bodies that are let go of close their sockets a moment later.
    for (let turn = 0; turn < 100 && server.open > 0; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 20))
    const answers = server.open
    await closeEngines(engines)
    let sockets = await server.connections()
    for (let turn = 0; turn < 100 && sockets > 0; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      sockets = await server.connections()
    }
    report.leaks = [
      ...storm.leaks(),
      ...(answers > 0 ? [`${answers} answers still open`] : []),
      ...(sockets > 0 ? [`${sockets} sockets after close`] : []),
    ]
    return report
  } finally {
    await server.close()
  }
}
