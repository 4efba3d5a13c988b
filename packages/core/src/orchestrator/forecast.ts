import type { Provider } from '../contract/provider.js'
import type { Forecast } from '../ledger/forecast.js'
import type { RequestScope } from '../run/request-scope.js'
import type { Engine } from './engine.js'
import type { ForecastOptions } from './openmux.js'

/** What is left of allowances; with `ask` the back ends that can say so are asked first. */
export async function forecastOf(engine: Engine, { ask, signal }: ForecastOptions): Promise<Forecast> {
  await engine.opening(signal)
  if (ask === true) {
    const scope = engine.scope(signal)
    try {
      await Promise.all(engine.providers.map((provider) => askQuota(engine, provider, scope)))
    } finally {
      scope.end()
    }
  }
  const known = engine.providers.flatMap((provider) =>
    engine.surveyOf(provider).knownCards.map((card) => engine.knowledge.targetOf(provider, card.id)),
  )
  return engine.knowledge.ledger.forecast(engine.clock.now(), known)
}

async function askQuota(engine: Engine, provider: Provider, scope: RequestScope): Promise<void> {
  if (provider.quota === undefined || !engine.isEnabled(provider)) return
  try {
    const reports = await scope.race(provider.quota({ signal: scope.signal, clock: engine.clock }))
    for (const report of reports) engine.knowledge.note(provider, report)
  } catch {
    // What cannot be asked is not known; the rest still is.
    if (scope.failure !== undefined) throw scope.failure
  }
}
