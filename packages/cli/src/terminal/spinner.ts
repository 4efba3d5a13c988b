import { clearLine, cursorTo } from 'node:readline'
import type { OutputStream } from '../io.js'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const
const FRAME_MS = 80

/** Waits shorter than this show nothing: a flicker says less than silence. */
const SILENT_MS = 200

/**
 * One moving line that says what is being waited for. Only for terminals. Our own, because the
 * usual packages end the process on Ctrl-C, look at the wrong stream, or weigh more than all else
 * here (docs/decisions/0002-command-line-libraries.md).
 */
export class Spinner {
  readonly #stream: OutputStream
  readonly #paint: (text: string) => string
  #timer: NodeJS.Timeout | undefined
  #text = ''
  #frame = 0
  #drawn = false
  #startedAt = 0

  constructor(stream: OutputStream, paint: (text: string) => string) {
    this.#stream = stream
    this.#paint = paint
  }

  /** Shows `text`, now or after a moment; a spinner that runs already changes its text. */
  show(text: string): void {
    this.#text = text
    if (this.#timer !== undefined) return
    this.#startedAt = Date.now()
    this.#timer = setInterval(() => this.#draw(), FRAME_MS)
    this.#timer.unref()
  }

  /** Takes the line away. */
  clear(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    if (!this.#drawn) return
    this.#drawn = false
    cursorTo(this.#stream, 0)
    clearLine(this.#stream, 0)
  }

  #draw(): void {
    if (Date.now() - this.#startedAt < SILENT_MS) return
    const frame = FRAMES[this.#frame % FRAMES.length] ?? ''
    this.#frame += 1
    const room = Math.max(10, (this.#stream.columns ?? 80) - 3)
    const text = this.#text.length > room ? `${this.#text.slice(0, room - 1)}…` : this.#text
    cursorTo(this.#stream, 0)
    clearLine(this.#stream, 0)
    this.#stream.write(`${this.#paint(frame)} ${text}`)
    this.#drawn = true
  }
}
