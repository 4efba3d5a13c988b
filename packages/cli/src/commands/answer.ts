import type { ChatInput, ChatResult, OpenMux, Warning } from '@openmux/core'
import { showControls, PieceCleaner } from '../terminal/control-characters.js'
import { wrap } from '../render/wrap.js'
import type { CommandContext } from './context.js'
import { listeners } from './request.js'

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
  const { terminal, activity, options } = context
  const { onProgress, onFailedAttempt } = listeners(context)
  const request: ChatInput = { ...input, onProgress, onFailedAttempt }
  activity.wait('waiting for an answer')
  try {
    const result =
      options.stream === false ? await openmux.chat(request) : await streamAnswer(context, openmux, request)
    if (options.stream === false) {
      activity.clear()
      tellReasoning(context, result.reasoning)
      await terminal.out.write(terminal.out.isTerminal ? showControls(result.text) : result.text)
      tellWarnings(context, result.warnings)
    }
    return result
  } finally {
    activity.clear()
    await terminal.out.endLine()
  }
}

async function streamAnswer(
  context: CommandContext,
  openmux: OpenMux,
  request: ChatInput,
): Promise<ChatResult> {
  const { terminal, activity, options } = context
  const { out, err } = terminal
  const cleaner = out.isTerminal ? new PieceCleaner() : undefined
  const stream = openmux.stream(request)
  let thinking = false
  for await (const event of stream) {
    if (event.type === 'start') {
      tellWarnings(context, event.warnings)
    } else if (event.type === 'reasoning') {
      if (options.verbose === true) await err.write(err.colours.quiet(showControls(event.text)))
      else activity.wait('thinking')
      thinking = true
    } else if (event.type === 'text') {
      if (thinking) await err.endLine()
      thinking = false
      await out.write(cleaner === undefined ? event.text : cleaner.push(event.text))
    }
  }
  if (cleaner !== undefined) await out.write(cleaner.end())
  return stream.result()
}

function tellReasoning({ terminal, options }: CommandContext, reasoning: string): void {
  if (options.verbose === true && reasoning !== '')
    terminal.err.lines(terminal.err.colours.quiet(showControls(reasoning)))
}

/** What was asked for and not done, one line each. */
export function tellWarnings({ terminal }: CommandContext, warnings: readonly Warning[]): void {
  for (const { message } of warnings)
    terminal.err.lines(
      terminal.err.colours.notice(wrap(showControls(`note: ${message}`), terminal.err.width, 2)),
    )
}
