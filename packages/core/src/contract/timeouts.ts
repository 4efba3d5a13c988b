/**
 * Limits on waiting, in ms; 0 means none. Time a provider reports as loading or queueing does not
 * count against `firstTokenMs`, which also does not apply to the last candidate there is.
 */
export interface Timeouts {
  /** Whole request, all attempts together. Default 600,000 (ten minutes). */
  readonly totalMs: number
  /** Until the first piece of an answer. Default 10,000 for remote providers, none for local ones. */
  readonly firstTokenMs: number
  /** Between two pieces of an answer. Default 15,000 for remote providers, 60,000 for local ones. */
  readonly idleMs: number
}
