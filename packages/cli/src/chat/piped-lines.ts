import { createInterface } from 'node:readline'
import type { LineSource } from './line-source.js'
import { TypedQueue } from './line-source.js'

/** Lines from a pipe or a file, each a message. Nothing is prompted; nothing is offered again. */
export function pipedLines(stdin: NodeJS.ReadableStream): LineSource {
  const queue = new TypedQueue()
  const reader = createInterface({ input: stdin, terminal: false, crlfDelay: Number.POSITIVE_INFINITY })
  reader.on('line', (text) => queue.push({ kind: 'line', text }))
  reader.on('close', () => queue.end())
  return {
    next: () => queue.next(),
    interrupted: () => queue.push({ kind: 'interrupt' }),
    close: () => reader.close(),
  }
}
