/** What a piece of text makes of the answer: text that may be shown now, and whether a stop text was met. */
export interface ScannedText {
  readonly text: string
  readonly stopped: boolean
}

/** Watches an answer for its stop texts while it grows. */
export interface StopScanner {
  /** Takes the next piece. Once it has answered `stopped`, it must not be called again. */
  push(piece: string): ScannedText
  /** What was held back, when the answer ended without a stop text. */
  flush(): string
}

/**
 * Cuts an answer before the earliest of its stop texts. A tail that could be the beginning of a stop
 * text is held back until it is known, so that no part of a stop text is ever shown, however the
 * pieces fall. Empty stop texts are ignored.
 */
export function stopScanner(stops: readonly string[]): StopScanner {
  const texts = stops.filter((stop) => stop !== '')
  let held = ''
  return {
    push(piece) {
      held += piece
      const cut = earliest(held, texts)
      if (cut !== -1) {
        const text = held.slice(0, cut)
        held = ''
        return { text, stopped: true }
      }
      const keep = longestOpenEnd(held, texts)
      const text = held.slice(0, held.length - keep)
      held = held.slice(held.length - keep)
      return { text, stopped: false }
    },
    flush() {
      const text = held
      held = ''
      return text
    },
  }
}

function earliest(text: string, stops: readonly string[]): number {
  let cut = -1
  for (const stop of stops) {
    const at = text.indexOf(stop)
    if (at !== -1 && (cut === -1 || at < cut)) cut = at
  }
  return cut
}

/** Length of the longest tail of `text` that begins some stop text. */
function longestOpenEnd(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) {
        longest = length
        break
      }
    }
  }
  return longest
}
