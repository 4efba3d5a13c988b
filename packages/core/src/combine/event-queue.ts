/** Events on their way from whoever makes them to one reader. Never holds back whoever makes them. */
export class EventQueue<E> {
  #events: E[] = []
  #ended: { readonly error?: unknown } | undefined
  #wake = (): void => undefined

  readonly push = (event: E): void => {
    this.#events.push(event)
    this.#wake()
  }

  end(): void {
    this.#ended ??= {}
    this.#wake()
  }

  fail(error: unknown): void {
    this.#ended ??= { error }
    this.#wake()
  }

  async *read(): AsyncGenerator<E, void> {
    for (;;) {
      for (const event of this.#events.splice(0)) yield event
      if (this.#events.length > 0) continue
      if (this.#ended !== undefined) {
        if ('error' in this.#ended) throw this.#ended.error
        return
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
