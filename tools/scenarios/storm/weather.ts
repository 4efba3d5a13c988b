import { Random } from './random.ts'
import { OTHER_WORDS, SAME_WORDS, type TargetSpec } from './targets.ts'

/** How a target is for a while. `well` has no faults at all; `dead` always fails, in one way. */
export type Mood = 'well' | 'calm' | 'rough' | 'storm' | 'dead'

/** For how long the weather stays at the usual pace, ms. */
const ERA_MS = 150_000

/** Share of calls that go wrong. */
export const FAULT_SHARE: Readonly<Record<Mood, number>> = {
  well: 0,
  calm: 0.08,
  rough: 0.35,
  storm: 0.75,
  dead: 1,
}

/** Who is well and who is not, by the time of day. In nearly every era one target of each group lives. */
export class Weather {
  readonly #seed: number
  readonly #startedAt: number
  readonly #eraMs: number
  /** Until when a target has told everybody to stay away, ms since 1970. */
  readonly #toldUntil = new Map<string, number>()
  #era = -1
  #moods = new Map<string, Mood>()

  constructor(seed: number, startedAt: number, pace: number) {
    this.#seed = seed
    this.#eraMs = ERA_MS / pace
    this.#startedAt = startedAt
  }

  moodOf(target: string, now: number): Mood {
    this.#update(now)
    return this.#moods.get(target) ?? 'calm'
  }

  /** Whether some target of a group lives now. */
  someoneIsWell(group: readonly TargetSpec[], now: number): boolean {
    return group.some(({ id }) => this.moodOf(id, now) === 'well')
  }

  eraOf(now: number): number {
    return Math.floor((now - this.#startedAt) / this.#eraMs)
  }

  /** A target told a caller to come back no sooner. Until then it is not the one that lives: nobody would ask it. */
  told(target: string, until: number): void {
    this.#toldUntil.set(target, Math.max(until, this.#toldUntil.get(target) ?? 0))
  }

  #update(now: number): void {
    const era = this.eraOf(now)
    if (era === this.#era) return
    this.#era = era
    const random = new Random(this.#seed, 'era', era)
    this.#moods = new Map()
    for (const group of [SAME_WORDS, OTHER_WORDS]) {
      const welcome = group.filter(({ id }) => (this.#toldUntil.get(id) ?? 0) <= now)
      const blackout = random.chance(0.03) || welcome.length === 0
      const rock = blackout ? undefined : random.pick(welcome).id
      for (const { id } of group) {
        const mood = random.pick(['calm', 'calm', 'rough', 'rough', 'storm', 'dead'] as const)
        this.#moods.set(id, id === rock ? 'well' : blackout ? random.pick(['storm', 'dead'] as const) : mood)
      }
    }
  }
}
