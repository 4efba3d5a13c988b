/** The frame of an answer we write. */
export interface WrittenAnswerOptions {
  /** Unique: `chatcmpl-…`. */
  readonly id: string
  /** ms since 1970. */
  readonly now: number
  /** Named in the answer instead of what `start` says: what the client asked for. */
  readonly model?: string
}
