import type { ToolCall } from '../contract/message.js'

/** What had arrived when an answer was cut. */
export interface PartialAnswer {
  readonly text: string
  readonly reasoning: string
  /** Calls whose arguments may be incomplete. */
  readonly toolCalls: readonly ToolCall[]
}
