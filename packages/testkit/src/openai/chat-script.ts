import type { StreamEnding } from '../server/stream-body.js'
import type { OpenAIFixture } from './fixture.js'

/** A piece of a scripted answer. */
export type ScriptPiece =
  | string
  | { readonly reasoning: string }
  | { readonly call: { readonly name: string; readonly argumentsText: string } }

/** An answer the double makes up, in the form that was asked for (plain or streamed). */
export interface ChatScript {
  readonly pieces: readonly ScriptPiece[]
  /** Default `stop`, `tool_calls` after a call. `null`: no finish reason ever comes. */
  readonly finish?: string | null
  /** After the pieces, in place of an end. `cut`: the connection; `stall`: silence; default: a whole end. */
  readonly ending?: StreamEnding
  /** After the pieces: an error inside the stream. */
  readonly error?: object
}

/** What one chat is answered with: a script, a fixture, or `silence`: no headers until the client leaves. */
export type ChatAnswer = ChatScript | OpenAIFixture | 'silence'
