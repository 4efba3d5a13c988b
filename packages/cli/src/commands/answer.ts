import type { ChatInput, ChatResult, ChatStreamEvent, OpenMux } from '@openmux/core'
import { showControls, PieceCleaner } from '../terminal/control-characters.js'
import type { Terminal } from '../terminal/terminal.js'
import { AnswerNotes } from './answer-notes.js'
import type { CommandContext } from './context.js'
import { tellWarnings } from './tell-warnings.js'

/**
 * Prints an answer while it comes (or when it is whole, by `--no-stream`) and returns the result.
 * On a terminal the model's control characters are shown, not obeyed; elsewhere the text goes out
 * untouched but for a line end at its end. A failure leaves what came on its own line.
 */
export async function printAnswer(
  context: CommandContext,
  openmux: OpenMux,
  input: ChatInput,
): Promise<ChatResult> {
  const { terminal, activity } = context
  const { out } = terminal
  const notes = new AnswerNotes(terminal)
  const request: ChatInput = {
    ...input,
    onProgress(progress) {
      if (!isMidLine(terminal)) activity.onProgress(progress)
    },
    onFailedAttempt: notes.onFailedAttempt,
  }
  activity.wait('waiting for an answer')
  try {
    return streams(context, request)
      ? await streamAnswer(context, openmux, request, notes)
      : await wholeAnswer(context, openmux, request)
  } finally {
    activity.clear()
    await out.endLine()
    notes.end()
  }
}

/** Whether a line of the answer stands on the screen that something drawn there would wipe away. */
function isMidLine({ out, err }: Terminal): boolean {
  return out.isTerminal && err.isTerminal && !out.atLineStart
}

/** What was printed into a pipe cannot be taken back: an answer that may begin again is only printed whole. */
function streams({ options, terminal }: CommandContext, { onBreak }: ChatInput): boolean {
  return options.stream !== false && (terminal.out.isTerminal || onBreak !== 'restart')
}

async function wholeAnswer(
  context: CommandContext,
  openmux: OpenMux,
  request: ChatInput,
): Promise<ChatResult> {
  const { terminal, activity } = context
  const result = await openmux.chat(request)
  activity.clear()
  tellReasoning(context, result.reasoning)
  await terminal.out.write(terminal.out.isTerminal ? showControls(result.text) : result.text)
  await tellWarnings(context, result.provider, result.warnings)
  return result
}

async function streamAnswer(
  context: CommandContext,
  openmux: OpenMux,
  request: ChatInput,
  notes: AnswerNotes,
): Promise<ChatResult> {
  const { out } = context.terminal
  const printer = new StreamPrinter(context, notes)
  const stream = openmux.stream(request)
  for await (const event of stream) await printer.print(event)
  if (out.isTerminal) await out.write(printer.end())
  return stream.result()
}

/** Prints the events of a stream: the answer on standard output, thinking and notes on standard error. */
class StreamPrinter {
  readonly #context: CommandContext
  readonly #notes: AnswerNotes
  #cleaner: PieceCleaner
  #thinking = false

  constructor(context: CommandContext, notes: AnswerNotes) {
    this.#context = context
    this.#notes = notes
    this.#cleaner = new PieceCleaner()
  }

  async print(event: ChatStreamEvent): Promise<void> {
    const { terminal, activity, options } = this.#context
    const { out, err } = terminal
    if (event.type === 'start') await tellWarnings(this.#context, event.provider, event.warnings)
    else if (event.type === 'reasoning') {
      if (options.verbose === true) await err.write(err.colours.quiet(showControls(event.text)))
      else if (!isMidLine(terminal)) activity.wait('thinking')
      this.#thinking = true
    } else if (event.type === 'resumed') {
      if (event.discard) await this.#beginAgain()
      this.#notes.resumed(event)
      this.#notes.begun()
    } else if (event.type === 'text') {
      if (this.#thinking) await err.endLine()
      this.#thinking = false
      this.#notes.flush()
      this.#notes.begun()
      await out.write(out.isTerminal ? this.#cleaner.push(event.text) : event.text)
    }
  }

  /** What the cleaner still holds. */
  end(): string {
    return this.#cleaner.end()
  }

  /** What came stays on the screen, on lines of its own. */
  async #beginAgain(): Promise<void> {
    const { out } = this.#context.terminal
    await out.write(this.#cleaner.end())
    this.#cleaner = new PieceCleaner()
    await out.endLine()
  }
}

function tellReasoning({ terminal, options }: CommandContext, reasoning: string): void {
  if (options.verbose === true && reasoning !== '')
    terminal.err.lines(terminal.err.colours.quiet(showControls(reasoning)))
}
