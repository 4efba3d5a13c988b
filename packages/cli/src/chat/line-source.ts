/** What comes from the user: a line, the end of input, or the wish to leave by Ctrl-C. */
export type Typed =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'interrupt' }

/** Where the lines of a chat come from. */
export interface LineSource {
  /** Waits for the next line; `offer` is put on the prompt to be sent again or changed. */
  next(offer?: string): Promise<Typed>
  /** Ctrl-C while nothing is being generated. */
  interrupted(): void
  close(): void
}

/** Lines and ends handed from an event source to whoever waits, in order. */
export class TypedQueue {
  readonly #waiting: ((typed: Typed) => void)[] = []
  readonly #typed: Typed[] = []
  #ended = false

  push(typed: Typed): void {
    const waiter = this.#waiting.shift()
    if (waiter === undefined) this.#typed.push(typed)
    else waiter(typed)
  }

  /** No more will come; what is queued is still handed out. */
  end(): void {
    this.#ended = true
    for (const waiter of this.#waiting.splice(0)) waiter({ kind: 'end' })
  }

  /** Whether something was typed that nobody took yet. */
  get hasTyped(): boolean {
    return this.#typed.length > 0
  }

  next(): Promise<Typed> {
    const typed = this.#typed.shift() ?? (this.#ended ? ({ kind: 'end' } as const) : undefined)
    if (typed !== undefined) return Promise.resolve(typed)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
