/** Prices of a model in USD per million tokens. */
export interface Price {
  readonly inputPerMillion: number
  readonly outputPerMillion: number
}
