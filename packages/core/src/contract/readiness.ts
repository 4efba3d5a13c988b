/**
 * Whether a back end could answer right now. Found without generating anything. When it could not,
 * `reason` says why and `remedies` what a person can do, the simplest first.
 */
export type Readiness =
  | {
      readonly ready: true
      /** Version, number of models, what must be downloaded first: one short line. */
      readonly detail?: string
      /** Only by a model of last resort (`ModelCard.lastResort`), because nothing else is there. */
      readonly lastResort?: true
      /** What a person can do to get more out of it, the simplest first. */
      readonly remedies?: readonly string[]
    }
  | {
      readonly ready: false
      readonly reason: string
      readonly remedies: readonly string[]
    }
