/** Places a provider's models may take in the caller's order before the next provider's begin. */
const PLACES_PER_PROVIDER = 100

/** The place of a model: that of its provider, then its own among the provider's models. Both from 0. */
export function placeOfModel(provider: number, model: number): number {
  return provider * PLACES_PER_PROVIDER + Math.min(model, PLACES_PER_PROVIDER - 1)
}

/** The provider's place that a model's place stands for, from 0. */
export function placeOfProvider(place: number): number {
  return Math.floor(place / PLACES_PER_PROVIDER)
}
