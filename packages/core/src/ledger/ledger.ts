import type { LimitReport, LimitRule } from '../contract/limit.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import type { Allowance } from './allowance.js'
import type { Breaker } from './breakers.js'
import type { Cooldown } from './cooldowns.js'
import type { Forecast } from './forecast.js'
import type { Performance, TargetRecord } from './performance.js'
import type { Standing } from './standing.js'
import type { Target } from './target.js'

/** A request that was begun and is to be settled once. */
export interface Claim {
  readonly target: Target
  /** When it was begun, ms since 1970. */
  readonly at: number
  /**
   * How the target stood just before. Not usable: somebody was faster, or the caller insists. Settled as `unsent` it
   * leaves no trace.
   */
  readonly standing: Standing
}

/** How a request ended, with what was measured. Times in ms. */
export type Outcome = Measured &
  (
    | { readonly result: 'answered' }
    | { readonly result: 'failed'; readonly error: OpenMuxError }
    /** The caller left: it says nothing about the target. */
    | { readonly result: 'aborted' }
    /** It lost a race against another target: it says nothing about this one. */
    | { readonly result: 'discarded' }
    /** It never left this process: nothing is counted. */
    | { readonly result: 'unsent' }
  )

/** What was measured of a request. */
export interface Measured {
  /** From its start to the first piece of an answer, the loading of the model included. Absent: none came. */
  readonly firstTokenMs?: number
  /** From its start to its end. */
  readonly durationMs?: number
  readonly inputTokens?: number
  readonly outputTokens?: number
  /** The part of it in which the model was loaded, for local targets. */
  readonly loadMs?: number
}

/** Everything a ledger knows, as plain data. It holds names, times, counts and codes: no key and no text of anybody. */
export interface LedgerState {
  /** Providers of which everything learned up to a moment was dropped by hand. */
  readonly forgotten: readonly { readonly provider: string; readonly at: number }[]
  readonly cooldowns: readonly Cooldown[]
  readonly breakers: readonly Breaker[]
  readonly allowances: readonly Allowance[]
  readonly targets: readonly TargetRecord[]
}

/**
 * What is known about targets: health, latency, allowances, and for how long something should be left alone. It
 * learns from real requests only and decides nothing itself. Time comes in as `now` (ms since 1970), chance as a
 * number: equal calls give equal answers. Nothing throws, and memory is bounded.
 *
 * A request goes `standing` → `begin` → (`note` …, `firstToken`) → `settle`. `begin` counts it at once, so that many
 * at the same moment cannot overshoot an allowance.
 */
export interface Ledger {
  /** Whether a target may be used now, else why not and from when on. Changes nothing. `tokens`: the most the request may take, if known. */
  standing(target: Target, now: number, tokens?: number): Standing
  /** A request is about to be sent: counts it in every allowance it falls under, and takes the one place of a half-open breaker. */
  begin(target: Target, now: number, tokens?: number): Claim
  /**
   * The first piece of the answer came, which ends a half-open state early: others may come too, while a cut later
   * still counts. Optional.
   */
  firstToken(claim: Claim, now: number): void
  /**
   * How it ended. A second call for the same claim does nothing.
   * @param random from 0 up to 1; spreads guessed pauses. Default 0.5.
   */
  settle(claim: Claim, outcome: Outcome, now: number, random?: number): void
  /**
   * What a back end said about its allowances: in headers, in an error, or when asked. With the claim whose answer said
   * it, the numbers are placed in time exactly.
   */
  note(provider: string, model: string, report: LimitReport, now: number, claim?: Claim): void
  /** How a target did lately. */
  performance(target: Target, now: number): Performance
  /** What is left and what is left alone. With targets: also the allowances they fall under and of which nothing was used yet. */
  forecast(now: number, targets?: readonly Target[]): Forecast
  /**
   * The earliest moment at which one of the targets would be usable, ms since 1970; `now` when one is. `never`: none
   * will be. Undefined: there are none.
   */
  nextServedAt(targets: readonly Target[], now: number): number | 'never' | undefined
  /** Drops the cooldowns and allowances of a provider, also for other processes that share a store: its key was changed, for instance. */
  forget(provider: string, now: number): void
  /** Everything that is known: what stores are made of (`@openmux/core/store`). */
  state(): LedgerState
  /** Takes in what is known elsewhere: of everything the later, of counts what is not `unsaved` here. */
  adopt(state: LedgerState, now: number): void
  /** Calls everything counted so far saved, and hands out what was not before; `takeBack` undoes that. */
  handOver(now: number): HandOver
  /** Counts every change that is worth storing. */
  readonly version: number
}

/** What was counted and is in no store yet. */
export interface HandOver {
  readonly state: LedgerState
  /** It could not be stored: the next one takes it along. */
  takeBack(): void
}

/** How to make a {@link Ledger}. */
export interface LedgerOptions {
  /** The allowances a request to a model falls under: `provider.limits(model)`. Default: none. */
  readonly rules?: (provider: string, model: string) => readonly LimitRule[]
  /** Most targets, cooldowns and allowances remembered, each. The least recently used go first, those that still hold last. Default 256. */
  readonly maxTargets?: number
}
