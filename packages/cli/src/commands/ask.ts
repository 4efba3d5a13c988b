import { isOpenMuxError } from '@openmux/core'
import { questionFrom } from '../input/question.js'
import { exitCodeOfAnswer } from '../render/exit-codes.js'
import { tellAfterAnswer } from './after-answer.js'
import { printAnswer, tellWarnings } from './answer.js'
import type { Command, CommandContext } from './context.js'
import { printJson } from './print-json.js'
import { chatInput, listeners, stdinText } from './request.js'

/** `openmux ask "…"`: one question, one answer. */
export const command: Command = async (context) => {
  const question = questionFrom(context.words, await stdinText(context))
  const input = chatInput(context, [{ role: 'user', content: question }])
  const openmux = await context.openMux()
  if (context.options.json === true) {
    const { onProgress, onFailedAttempt } = listeners(context)
    const result = await openmux.chat({ ...input, onProgress, onFailedAttempt })
    tellWarnings(context, result.warnings)
    await printJson(context, result)
    return exitCodeOfAnswer(result.finishReason)
  }
  try {
    const result = await printAnswer(context, openmux, input)
    tellAfterAnswer(context, result)
    return exitCodeOfAnswer(result.finishReason)
  } catch (error) {
    await printPartial(context, error)
    throw error
  }
}

/** With `--no-stream` nothing was printed yet; what had come is not lost when it is interrupted or cut. */
async function printPartial({ options, terminal }: CommandContext, error: unknown): Promise<void> {
  if (options.stream !== false || !isOpenMuxError(error) || error.partial === undefined) return
  const { showControls } = await import('../terminal/control-characters.js')
  await terminal.out.write(terminal.out.isTerminal ? showControls(error.partial.text) : error.partial.text)
  await terminal.out.endLine()
}
