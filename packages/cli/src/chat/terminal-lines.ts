import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { OutputStream } from '../io.js'
import type { LineSource } from './line-source.js'
import { TypedQueue } from './line-source.js'

/** What the terminal prompt needs. */
export interface TerminalLinesOptions {
  readonly stdin: NodeJS.ReadableStream
  /** Where the prompt and what is typed are shown. */
  readonly output: OutputStream
  readonly prompt: string
  /** Ctrl-C: the terminal is in raw mode, so no signal is sent. */
  readonly onInterrupt: () => void
}

/**
 * An editable prompt with history. It stays open while an answer is printed, so that lines typed
 * ahead are kept and Ctrl-C is heard; only its echo is silent then. Lines pasted at once are one message.
 */
export function terminalLines({ stdin, output, prompt, onInterrupt }: TerminalLinesOptions): LineSource {
  const queue = new TypedQueue()
  const echo = new SwitchedOutput(output)
  const reader = createInterface({
    input: stdin,
    output: echo.stream,
    prompt,
    terminal: true,
    historySize: 500,
  })
  let pasted: string[] = []
  let asking = false
  const flush = (): void => {
    const lines = pasted
    pasted = []
    for (const text of joined(lines)) queue.push({ kind: 'line', text })
  }
  reader.on('line', (line) => {
    pasted.push(line)
    // Lines of one paste arrive in one burst.
    if (pasted.length === 1) setImmediate(flush)
  })
  reader.on('close', () => {
    flush()
    queue.end()
  })
  reader.on('SIGINT', onInterrupt)
  return {
    async next(offer) {
      asking = true
      echo.on = true
      reader.prompt()
      if (offer !== undefined && reader.line === '') reader.write(offer)
      const typed = await queue.next()
      asking = false
      echo.on = false
      return typed
    },
    interrupted() {
      if (!asking) return
      if (reader.line === '') {
        output.write('\n')
        queue.push({ kind: 'interrupt' })
        return
      }
      // As in a shell: a begun line is given up, the prompt stays.
      reader.write(null, { ctrl: true, name: 'e' })
      output.write('^C\n')
      reader.write(null, { ctrl: true, name: 'u' })
      reader.prompt()
    },
    close: () => reader.close(),
  }
}

/** Lines that came together are one message; commands stay on their own. */
function joined(lines: readonly string[]): readonly string[] {
  const messages: string[] = []
  let open = false
  for (const line of lines) {
    const command = line.startsWith('/')
    const last = messages.length - 1
    if (open && !command) messages[last] = `${messages[last] ?? ''}\n${line}`
    else messages.push(line)
    open = !command
  }
  return messages
}

/** A terminal output that can be silenced: readline redraws only while it is on. */
class SwitchedOutput {
  on = false
  readonly stream: Writable

  constructor(output: OutputStream) {
    const write = (chunk: string | Uint8Array): void => {
      if (this.on) output.write(chunk)
    }
    this.stream = new Writable({
      decodeStrings: false,
      write(chunk: string | Uint8Array, _encoding, done) {
        write(chunk)
        done()
      },
    })
    // readline lays lines out by the width it finds here.
    Object.defineProperty(this.stream, 'isTTY', { value: true })
    Object.defineProperty(this.stream, 'columns', { get: () => output.columns ?? 80 })
  }
}
