import type { Seen } from '../../scenarios/wall.ts'

/** One request as the caller of a system sees it. */
export interface Asked {
  readonly text: string
  /** Whether it ended in an error the caller can see. */
  readonly failed: boolean
  readonly model?: string
  readonly hasUsage: boolean
}

/** What a system made of one scenario: {@link Asked} with the upstream's log. */
export interface Played extends Asked {
  /** It was not over when its time was. */
  readonly hung: boolean
  readonly durationMs: number
  readonly log: readonly Seen[]
}

/** One way to set up one library. */
export interface System {
  readonly name: string
  /** What it was given beyond its defaults, for the reader of the table. */
  readonly settings: string
  /** Sets it up over one upstream; `ask` is one streamed request, read to its end. */
  open(
    baseURL: string,
    primary: string,
    fallback: string,
  ): { ask(signal: AbortSignal): Promise<Asked>; close?(): Promise<void> }
}
