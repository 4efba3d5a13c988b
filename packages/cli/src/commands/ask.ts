import { isOpenMuxError, OpenMuxError } from '@openmux/core'
import { questionFrom } from '../input/question.js'
import { exitCodeOfAnswer } from '../render/exit-codes.js'
import { tellAfterAnswer } from './after-answer.js'
import { printAnswer } from './answer.js'
import type { Command, CommandContext } from './context.js'
import { printJson } from './print-json.js'
import { recording } from './record.js'
import { chatInput, listeners, stdinText } from './request.js'
import { tellUnmetWishes } from './tell-wishes.js'
import { tellWarnings } from './tell-warnings.js'

/** `openmux ask "…"`: one question, one answer. */
export const command: Command = async (context) => {
  const question = questionFrom(context.words, await stdinText(context))
  const input = chatInput(context, [{ role: 'user', content: question }])
  const { combine, models, json } = context.options
  if (combine !== undefined) {
    const { askSeveral } = await import('./ask-several.js')
    return askSeveral(context, input, combine)
  }
  if (models !== undefined) {
    throw new OpenMuxError({
      code: 'bad-request',
      field: '--models',
      message: '--models says how many models --combine asks; without it there is one answer of one model.',
      hint: 'For several: openmux ask --combine vote --models 3 "…". The list of models: openmux models.',
    })
  }
  const openmux = await context.openMux()
  if (json === true) {
    const { onProgress, onFailedAttempt } = listeners(context)
    const result = await recording(context, openmux, input, () =>
      openmux.chat({ ...input, onProgress, onFailedAttempt }),
    )
    await tellWarnings(context, result.provider, result.warnings)
    await tellUnmetWishes(context, result.decision)
    await printJson(context, result)
    return exitCodeOfAnswer(result.finishReason)
  }
  try {
    const result = await recording(context, openmux, input, () => printAnswer(context, openmux, input))
    await tellUnmetWishes(context, result.decision)
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
