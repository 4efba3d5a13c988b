/** Something asked for that was not, or not exactly, done – while the answer itself is whole. */
export interface Warning {
  /** `ignored-option`: the back end has no such option. `adjusted-option`: another value was used. `notice`: anything else. */
  readonly kind: 'ignored-option' | 'adjusted-option' | 'notice'
  /** The option's name, for the first two kinds. */
  readonly option?: string
  readonly message: string
}
