import type { CommandIo, OutputStream } from '../io.js'
import { type Colours, createColours, wantsColour } from './colours.js'

/** One of the two output streams, with what is known about who reads it. */
export class Sink {
  readonly isTerminal: boolean
  readonly colours: Colours
  readonly stream: OutputStream
  readonly #before: () => void
  readonly #failed: (error: Error) => void
  #atLineStart = true
  #isEmpty = true
  #failure: Error | undefined

  constructor(
    stream: OutputStream,
    env: CommandIo['env'],
    before: () => void,
    failed: (error: Error) => void,
  ) {
    this.stream = stream
    this.isTerminal = stream.isTTY === true
    this.colours = createColours(wantsColour(env, stream))
    this.#before = before
    this.#failed = failed
    stream.on('error', this.#onError)
  }

  readonly #onError = (error: Error): void => {
    this.#failure ??= error
    this.#failed(error)
  }

  /** Stops listening to the stream, which lives longer than a run. */
  release(): void {
    this.stream.off('error', this.#onError)
  }

  /** Columns to lay out for: of the terminal, at least 40; without one, as good as endless. */
  get width(): number {
    return this.isTerminal ? Math.max(40, this.stream.columns ?? 80) : 10_000
  }

  /** Whether nothing was written yet. */
  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** Whether the last thing written ended its line. */
  get atLineStart(): boolean {
    return this.#atLineStart
  }

  /** Writes, and resolves when there is room for more. What comes after a failure is dropped. */
  async write(text: string): Promise<void> {
    if (text === '' || this.#failure !== undefined) return
    this.#before()
    this.#isEmpty = false
    this.#atLineStart = text.endsWith('\n')
    if (this.stream.write(text)) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.stream.off('drain', done)
        this.stream.off('error', done)
        this.stream.off('close', done)
        resolve()
      }
      this.stream.on('drain', done)
      this.stream.on('error', done)
      this.stream.on('close', done)
    })
  }

  /** Writes whole lines; the order of calls is the order on screen, also when nobody waits. */
  lines(text: string): void {
    void this.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** Ends a line that was begun. */
  async endLine(): Promise<void> {
    if (!this.#atLineStart) await this.write('\n')
  }

  /** What was typed by somebody else: the prompt of the chat leaves the cursor at the start of a line. */
  noteLineStart(): void {
    this.#atLineStart = true
  }
}

/** Something drawn on the last line of the terminal that must go before anything else is written. */
export interface Transient {
  clear(): void
}

/** Both outputs. Answers go to `out`, everything else to `err`. */
export class Terminal {
  readonly out: Sink
  readonly err: Sink
  #transient: Transient | undefined

  /** `outputFailed` is told when nobody reads the answer any more. */
  constructor(io: Pick<CommandIo, 'stdout' | 'stderr' | 'env'>, outputFailed: (error: Error) => void) {
    const before = (): void => this.#transient?.clear()
    this.out = new Sink(io.stdout, io.env, before, outputFailed)
    this.err = new Sink(io.stderr, io.env, before, () => undefined)
  }

  /** The run is over. */
  release(): void {
    this.clear()
    this.out.release()
    this.err.release()
  }

  /** Takes away what is only drawn for the moment. */
  clear(): void {
    this.#transient?.clear()
  }

  /** Names what has to be cleared before each write. */
  setTransient(transient: Transient | undefined): void {
    this.#transient = transient
  }
}
