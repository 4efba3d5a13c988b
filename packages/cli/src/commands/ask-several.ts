import { type ChatInput, isOpenMuxError, OpenMuxError } from '@openmux/core'
import {
  type CombinedResult,
  CombineFailure,
  combineStream,
  DEFAULT_MAX_CALLS,
  type MemberEvent,
} from '@openmux/core/combine'
import type { CombineWord } from '../options/command-options.js'
import { combinedLines, memberFailureLine } from '../render/combined-text.js'
import { EXIT_CODES, type ExitCode, exitCodeOfAnswer } from '../render/exit-codes.js'
import { wrap } from '../render/wrap.js'
import { PieceCleaner, showControls } from '../terminal/control-characters.js'
import { tellLastResort, tellStory } from './after-answer.js'
import type { CommandContext } from './context.js'
import { printJson } from './print-json.js'
import { recording } from './record.js'
import { tellUnmetWishes } from './tell-wishes.js'

/** How many are asked when nobody says. */
const USUAL = 3

/**
 * `openmux ask --combine HOW`: one question to several models, one answer. The text goes to standard output; who was
 * asked and what became of it to standard error, or all of it as JSON.
 */
export async function askSeveral(
  context: CommandContext,
  input: ChatInput,
  strategy: CombineWord,
): Promise<ExitCode> {
  const { terminal, options, activity } = context
  const wanted = options.models ?? USUAL
  checkCount(wanted, strategy)
  // One question has no history; what the configuration says of it is for chats.
  const { history: _history, ...rest } = input
  const request: ChatInput = { ...rest, onProgress: () => undefined }
  // The first usable one is wanted, and the others are asked for speed.
  const how = strategy === 'first' ? { strategy, extra: wanted - 1 } : { strategy, answers: wanted }
  const openmux = await context.openMux()
  activity.wait(`asking ${wanted} models`)
  const result = await recording(context, openmux, input, () =>
    printed(context, combineStream(openmux, request, how), wanted),
  )
  await tellUnmetWishes(context, result.decision)
  if (options.json === true) await printJson(context, result)
  else {
    const { lastResort } = result
    if (lastResort !== undefined) tellLastResort(context, { ...result, lastResort })
    if (options.verbose === true) tellStory(context, result)
    else if (options.explain === true) tellStory(context, { decision: result.decision })
    if (terminal.err.isTerminal || options.verbose === true) tell(context, combinedLines(result))
  }
  return exitCodeOf(result)
}

/** A slip of the keyboard must not spend a day's quota. */
function checkCount(wanted: number, strategy: CombineWord): void {
  const most = DEFAULT_MAX_CALLS - (strategy === 'best' || strategy === 'summary' ? 1 : 0)
  if (wanted <= most) return
  throw new OpenMuxError({
    code: 'bad-request',
    field: '--models',
    message: `--models is at most ${most} with --combine ${strategy}: ${DEFAULT_MAX_CALLS} calls are made at most.`,
    hint: `Ask for ${most} or fewer.`,
  })
}

/** Reads the stream to its end: the text as it comes, each failed member in one line. */
async function printed(
  context: CommandContext,
  stream: ReturnType<typeof combineStream>,
  wanted: number,
): Promise<CombinedResult> {
  const { terminal, activity, options } = context
  const { out, err } = terminal
  const silent = options.json === true
  // Into a pipe only what cannot be taken back any more.
  const live = !silent && options.stream !== false && out.isTerminal
  const cleaner = new PieceCleaner()
  let answered = 0
  try {
    for await (const event of stream) {
      if (event.type === 'member') {
        if (event.state === 'answered') answered += 1
        tellMember(event)
        if (out.atLineStart) activity.wait(`${answered} of ${wanted} models answered`)
      } else if (event.type === 'resumed' && event.discard && live) {
        await out.write(cleaner.end())
        await out.endLine()
        err.lines(err.colours.notice('the answer broke off and begins again'))
      } else if (event.type === 'text' && live) await out.write(cleaner.push(event.text))
    }
    const result = await stream.result()
    if (live) await out.write(cleaner.end())
    else if (!silent) {
      activity.clear()
      await out.write(out.isTerminal ? showControls(result.text) : result.text)
    }
    return result
  } catch (error) {
    // Each member was told when it failed.
    if (isOpenMuxError(error) && error instanceof CombineFailure) activity.clear()
    throw error
  } finally {
    activity.clear()
    if (!silent) await out.endLine()
  }

  function tellMember(event: MemberEvent): void {
    if (event.state !== 'failed') return
    const line = wrap(memberFailureLine(event), err.width, 2)
    if (out.atLineStart || !out.isTerminal || !err.isTerminal) err.lines(err.colours.notice(line))
  }
}

function tell({ terminal }: CommandContext, lines: readonly string[]): void {
  const { err } = terminal
  for (const line of lines) err.lines(err.colours.quiet(wrap(line, err.width, 4)))
}

/** A text that one member alone wrote is as whole as that member's. */
function exitCodeOf({ answers, winner }: CombinedResult): ExitCode {
  const won = answers.find(({ index }) => index === winner)?.answer
  return won === undefined ? EXIT_CODES.ok : exitCodeOfAnswer(won.finishReason)
}
