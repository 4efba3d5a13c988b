/** A queue between one writer and one reader. */
export interface AnswerQueue<Item> {
  push(item: Item): void
  /** Makes `next` throw at once; what lies in the queue is dropped. Only the first failure counts. */
  fail(error: Error): void
  next(): Promise<Item>
}

/** An empty queue. */
export function answerQueue<Item>(): AnswerQueue<Item> {
  const items: Item[] = []
  let failed: Error | undefined
  let wake: (() => void) | undefined
  const signal = (): void => {
    wake?.()
    wake = undefined
  }
  return {
    push(item) {
      items.push(item)
      signal()
    },
    fail(error) {
      failed ??= error
      signal()
    },
    async next() {
      for (;;) {
        if (failed !== undefined) throw failed
        const item = items.shift()
        if (item !== undefined) return item
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
