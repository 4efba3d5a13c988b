import type { ModelChoice } from '@openmux/core'

/** Output price, USD per million tokens, up to which the free monthly credit lasts for more than a handful of answers. */
const MODEST = 1

/** Free models first, then modest prices, then the rest; inside each as the router lists them. */
export function rankChoices(choices: readonly ModelChoice[]): readonly ModelChoice[] {
  return choices
    .map((choice) => ({ choice, rank: rankOf(choice) }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ choice, rank }) => (rank === 0 ? { ...choice, reason: `free, ${choice.reason}` } : choice))
}

function rankOf({ model }: ModelChoice): number {
  if (model.free) return 0
  return model.price !== undefined && model.price.outputPerMillion <= MODEST ? 1 : 2
}
