import { questionFrom, textsFrom } from '../input/question.js'
import { EXIT_CODES } from '../render/exit-codes.js'
import { explanation } from '../render/explanation.js'
import type { Command, CommandContext } from './context.js'
import { printJson } from './print-json.js'
import { recordDecision } from './record.js'
import { chatInput, embeddingRouting, stdinText } from './request.js'
import { tellUnmetWishes } from './tell-wishes.js'

/** `openmux explain "…"`: who would be asked, in which order, and why. Exit code 3 when nobody could. */
export const command: Command = async (context) => {
  const { terminal, options, activity } = context
  const input = await requestOf(context)
  activity.wait('asking the providers')
  const openmux = await context.openMux()
  const decision = await openmux.explain(input)
  activity.clear()
  await recordDecision(context, decision)
  await tellUnmetWishes(context, decision)
  if (options.json === true) await printJson(context, decision)
  else await terminal.out.write(explanation(decision, terminal.out.colours, terminal.out.width))
  return decision.candidates.some(({ verdict }) => verdict === 'planned') ? EXIT_CODES.ok : EXIT_CODES.setup
}

/** The very request that `ask` or `embed` would send. */
async function requestOf(
  context: CommandContext,
): Promise<Parameters<Awaited<ReturnType<CommandContext['openMux']>>['explain']>[0]> {
  const stdin = await stdinText(context)
  if (context.options.task === 'embeddings')
    return { ...embeddingRouting(context), input: textsFrom(context.words, stdin, false) }
  return chatInput(context, [{ role: 'user', content: questionFrom(context.words, stdin) }])
}
