/** Turns token ids into text. */
export type Decode = (tokens: readonly number[]) => string

/** Makes text pieces of tokens as they come. */
export interface TextPieces {
  /** The text that is certain after this token; empty while a character is unfinished. */
  push(token: number): string
  /** The rest at the end of the answer. */
  flush(): string
}

/** Tokens after which an unfinished character is given up and shown as it is. */
const LONGEST_CHARACTER = 16

/**
 * Decodes an answer token by token. A character may be spread over several tokens (byte-level
 * vocabularies split emoji and most scripts), and a token's blank may depend on the one before it
 * (SentencePiece), so each piece is the difference between two decodings of the last few tokens,
 * and is held back while it ends in the replacement character that stands for unfinished bytes.
 */
export function textPieces(decode: Decode): TextPieces {
  const tokens: number[] = []
  // Decoding starts at `start`; the text of the tokens up to `shown` is out.
  let start = 0
  let shown = 0
  const next = (final: boolean): string => {
    if (shown === tokens.length) return ''
    const before = start === shown ? '' : decode(tokens.slice(start, shown))
    const after = decode(tokens.slice(start))
    const unfinished = after.endsWith('\uFFFD') && tokens.length - shown < LONGEST_CHARACTER
    if (unfinished && !final) return ''
    start = shown
    shown = tokens.length
    return after.length > before.length ? after.slice(before.length) : ''
  }
  return {
    push(token) {
      tokens.push(token)
      return next(false)
    },
    flush: () => next(true),
  }
}
