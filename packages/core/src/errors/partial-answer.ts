import type { ToolCall } from '../contract/message.js'

/** What had arrived when an answer was cut. */
export interface PartialAnswer {
  readonly text: string
  readonly reasoning: string
  /** Calls whose arguments may be incomplete. */
  readonly toolCalls: readonly ToolCall[]
  /** What another candidate answered from the start, when its words differ from `text`. */
  readonly other?: {
    readonly provider: string
    readonly model: string
    readonly text: string
    /** Whether it came to its end. */
    readonly whole: boolean
  }
}
