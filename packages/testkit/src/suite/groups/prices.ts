import type { ModelCard, Provider } from '@openmux/core'
import { type ContractCase, inScenario } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import type { Trial } from '../trial.js'
import { demand, show } from '../violation.js'

/** What a million tokens may cost, USD: below it stands a price per token, above it one in another currency or unit. */
const [CHEAPEST, DEAREST] = [0.0001, 10_000]

/** Prices are comparable between providers, or absent. */
export function pricesCases(_declared: Provider, options: ContractOptions): readonly ContractCase[] {
  return [
    inScenario(
      options,
      'listsPrices',
      'tells prices in USD per million tokens, as numbers',
      async (trial) => {
        const cards = await listed(trial)
        const priced = cards.filter(({ price }) => price !== undefined)
        demand(priced.length > 0, 'the upstream lists prices, yet no card has a `price`')
        demand(
          priced.some(({ price }) => amounts(price).some((amount) => amount > 0)),
          'the upstream lists a model that costs something, yet every `price` is nothing',
        )
        for (const { id, price } of priced) {
          for (const amount of amounts(price)) {
            const sound =
              Number.isFinite(amount) && (amount === 0 || (amount >= CHEAPEST && amount <= DEAREST))
            demand(
              sound,
              () =>
                `the price ${show(amount)} of ${show(id)} cannot be USD per million tokens: convert it first`,
            )
          }
        }
      },
    ),
    inScenario(
      options,
      'listsPrices',
      'calls a model free exactly when its price is nothing',
      async (trial) => {
        for (const { id, free, price } of await listed(trial)) {
          const known = amounts(price)
          if (known.length === 0) continue
          const costsNothing = known.every((amount) => amount === 0)
          demand(
            free === costsNothing,
            () =>
              `${show(id)} has the price ${show(price)}, and \`free\` is ${show(free)}: they contradict each other`,
          )
        }
      },
    ),
  ]
}

function amounts(price: ModelCard['price']): readonly number[] {
  return Object.values(price ?? {})
}

function listed(trial: Trial): Promise<readonly ModelCard[]> {
  return within(trial.patienceMs, 'models()', trial.provider.models(trial.watch().context))
}
