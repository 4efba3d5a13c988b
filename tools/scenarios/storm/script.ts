/** What an upstream does with one request, byte by byte. */
export interface Script {
  /** Names what goes wrong, for counting. */
  readonly fault: string
  /** Before anything comes, ms. */
  readonly delayMs: number
  /** No answer at all; the code the network stack would have. */
  readonly refused?: 'ECONNREFUSED' | 'ECONNRESET' | 'HPE_INVALID_CONSTANT'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

/** Bytes, silence, the end, or the end of the connection. A script without an end stays silent for ever. */
export type Step =
  | { readonly do: 'send'; readonly bytes: Uint8Array }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'end' }
  | { readonly do: 'cut' }

/** What the upstream remembers of a call, for the judge. */
export interface Seen {
  readonly target: string
  readonly fault: string
  /** The text the call was to go on after, and what it said then; absent when it began anew. */
  readonly prefill?: string
  readonly continuation?: string
}
