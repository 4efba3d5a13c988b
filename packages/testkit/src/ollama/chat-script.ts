/** How one answer of `/api/chat` goes. Without one, the double answers by echoing the last user message. */
export interface ChatScript {
  /** Text, one piece a line. */
  readonly pieces?: readonly string[]
  /** Thinking before the text, one piece a line. */
  readonly thinking?: readonly string[]
  /** Calls after the text. `id` absent: the server's own form; `null`: none at all, as old servers do. */
  readonly toolCalls?: readonly {
    readonly name: string
    readonly arguments: unknown
    readonly id?: string | null
  }[]
  /** Default `stop`, also after tool calls, as the real server does. `null`: left out. */
  readonly doneReason?: string | null
  /** Put the last piece, or the calls when there is no text, into the line with `done: true`, as parsers that flush do. */
  readonly flushesInDone?: boolean
  /** `prompt_eval_count`; `null`: left out, as for a prompt that is all in the cache. Default: counted. */
  readonly promptTokens?: number | null
  /** After the pieces. Default `done`. */
  readonly ending?: ChatEnding
  /** How lines become packets. Default `line`: one packet each. */
  readonly packets?: 'line' | 'split' | 'joined'
  /** No headers, ever. */
  readonly silent?: boolean
  /** This answer instead of a stream. */
  readonly refusal?: Refusal
}

/**
 * - `done`: the last line.
 * - `cut`: the connection breaks.
 * - `end`: the body ends, without the last line.
 * - `stall`: nothing more, until the client leaves.
 * - `{ error }`: one more line with the error, and the end; the status stays 200.
 */
export type ChatEnding = 'done' | 'cut' | 'end' | 'stall' | { readonly error: string }

/** An answer with a status and a body as they are. */
export interface Refusal {
  readonly status: number
  readonly body: string
  /** Default `application/json; charset=utf-8`. */
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}
