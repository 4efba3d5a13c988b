/** How a reader of lines guards itself. */
export interface ReaderOptions {
  /** Most bytes of one line (for events: of one event's data). More throws `too-large`. Default 8 MiB. */
  readonly maxLineBytes?: number
}
