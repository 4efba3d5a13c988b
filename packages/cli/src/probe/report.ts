import type { Lifecycle, ProbeCheck } from '@openmux/core'

/** One provider of a {@link ProbeReport}. */
export interface ProbedProvider {
  readonly id: string
  readonly name: string
  /** The package it comes from, where that is known. */
  readonly package?: string
  /** What its package said of itself at that time. */
  readonly lifecycle: Lifecycle
  /** In the provider's own, stable order. */
  readonly checks: readonly ProbeCheck[]
  /** Why nothing was checked: not installed, offline, no probe. */
  readonly skipped?: string
}

/**
 * What `openmux probe --json` prints, beside `judgement` and `comparison`, which follow from it. Plain data in a stable
 * order, so that two reports differ only where something changed (and in dates and durations).
 */
export interface ProbeReport {
  /** Of this form. */
  readonly version: 1
  /** When it was made, ISO 8601. */
  readonly date: string
  /** Whether generating was allowed. */
  readonly spend: boolean
  /** Versions by package. */
  readonly packages: Readonly<Record<string, string>>
  readonly providers: readonly ProbedProvider[]
}
