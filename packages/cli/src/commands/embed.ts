import { textsFrom } from '../input/question.js'
import { closingLineOfVectors } from '../render/closing-line.js'
import { EXIT_CODES } from '../render/exit-codes.js'
import { tellStory } from './after-answer.js'
import type { Command } from './context.js'
import { printJson } from './print-json.js'
import { embeddingRouting, listeners, stdinText } from './request.js'
import { tellUnmetWishes } from './tell-wishes.js'
import { tellWarnings } from './tell-warnings.js'

/** `openmux embed "…"`: one vector a text, as one JSON array a line; the space by `--json`. */
export const command: Command = async (context) => {
  const { terminal, options, activity } = context
  const texts = textsFrom(context.words, await stdinText(context), options.lines === true)
  const { onProgress, onFailedAttempt } = listeners(context)
  const openmux = await context.openMux()
  activity.wait('waiting for vectors')
  const result = await openmux.embed({
    ...embeddingRouting(context),
    input: texts,
    onProgress,
    onFailedAttempt,
  })
  activity.clear()
  await tellWarnings(context, result.provider, result.warnings)
  await tellUnmetWishes(context, result.decision)
  if (options.json === true) {
    await printJson(context, result)
    return EXIT_CODES.ok
  }
  for (const vector of result.vectors) await terminal.out.write(`${JSON.stringify(vector)}\n`)
  if (options.verbose === true) tellStory(context, result)
  if (terminal.err.isTerminal || options.verbose === true) {
    terminal.err.lines(terminal.err.colours.quiet(closingLineOfVectors(result)))
  }
  return EXIT_CODES.ok
}
