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
  /** Told at the first Ctrl-C at an empty prompt; the second leaves. */
  readonly leaveNote: string
  /** Told above a line that is offered again. */
  readonly offerNote: string
  /** Ctrl-C: the terminal is in raw mode, so no signal is sent. */
  readonly onInterrupt: () => void
}

/** Stands for a line end inside a message on the prompt, where a real one would send it. */
const FOLD = '⏎'

/**
 * An editable prompt with history. It stays open while an answer is printed, so that lines typed
 * ahead are kept and Ctrl-C is heard; only its echo is silent then. Lines pasted at once are one message.
 */
export function terminalLines(options: TerminalLinesOptions): LineSource {
  const { stdin, output, prompt, leaveNote, offerNote, onInterrupt } = options
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
  let leaving = false
  // Whether a message of several lines was ever put on the one line of the prompt.
  let folded = false
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
  // Any other key takes the wish to leave back.
  const onKey = (
    _text: string | undefined,
    key: { readonly ctrl?: boolean; readonly name?: string },
  ): void => {
    if (key.ctrl !== true || key.name !== 'c') leaving = false
  }
  stdin.on('keypress', onKey)
  return {
    async next(offer) {
      asking = true
      leaving = false
      echo.on = true
      // Who has typed something else meanwhile goes on with that.
      if (offer !== undefined && reader.line === '' && !queue.hasTyped) {
        output.write(`${offerNote}\n`)
        reader.prompt()
        folded ||= offer.includes('\n')
        reader.write(offer.replaceAll('\n', FOLD))
      } else reader.prompt()
      const typed = await queue.next()
      asking = false
      echo.on = false
      return folded && typed.kind === 'line' ? { ...typed, text: typed.text.replaceAll(FOLD, '\n') } : typed
    },
    interrupted() {
      if (!asking) return
      if (reader.line === '') {
        output.write('\n')
        if (leaving) queue.push({ kind: 'interrupt' })
        else {
          leaving = true
          output.write(`${leaveNote}\n`)
          reader.prompt()
        }
        return
      }
      // As in a shell: a begun line is given up, the prompt stays.
      reader.write(null, { ctrl: true, name: 'e' })
      output.write('^C\n')
      reader.write(null, { ctrl: true, name: 'u' })
      reader.prompt()
    },
    close() {
      stdin.off('keypress', onKey)
      reader.close()
    },
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
