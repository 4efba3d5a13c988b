import type { Attempt, ResumedEvent } from '@openmux/core'
import { failoverLine, resumedLine } from '../render/failover-line.js'
import { wrap } from '../render/wrap.js'
import type { Terminal } from '../terminal/terminal.js'

/**
 * What is told of failures while an answer is printed: each at once, in one line – but never in the middle of a line
 * of the answer on somebody's screen. There it waits for the end of that line.
 */
export class AnswerNotes {
  readonly #terminal: Terminal
  readonly #held: string[] = []
  /** Failures after the first piece: what came of them is known when the answer goes on, or ends. */
  #broken: Attempt[] = []
  #begun = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** The first piece of the answer was printed. */
  begun(): void {
    this.#begun = true
  }

  readonly onFailedAttempt = (attempt: Attempt): void => {
    if (this.#begun) this.#broken.push(attempt)
    else this.#tell(failoverLine(attempt))
  }

  /** The answer goes on, or begins again. */
  resumed(event: ResumedEvent): void {
    const last = this.#broken.pop()
    this.#tellBroken()
    if (last !== undefined) this.#tell(resumedLine(last, event))
  }

  /** Tells what waited, if the answer is at the start of a line. To be called before each piece. */
  flush(): void {
    const { out, err } = this.#terminal
    // Also where the answer goes through a pipe: most often it comes back to the same screen.
    if (this.#held.length === 0 || (err.isTerminal && !out.atLineStart)) return
    for (const line of this.#held.splice(0)) err.lines(line)
  }

  /** The answer is over; what failed and was followed by nothing is on the error. */
  end(): void {
    this.#tellBroken()
    this.flush()
  }

  #tellBroken(): void {
    for (const attempt of this.#broken.splice(0)) this.#tell(failoverLine(attempt))
  }

  #tell(line: string | undefined): void {
    if (line === undefined) return
    const { err } = this.#terminal
    this.#held.push(err.colours.notice(wrap(line, err.width, 2)))
    this.flush()
  }
}
