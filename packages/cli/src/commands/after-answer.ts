import type { ChatResult, DecisionRecord, FinishReason } from '@openmux/core'
import { closingLine, lastResortLine } from '../render/closing-line.js'
import { attemptText } from '../render/error-text.js'
import { explanation } from '../render/explanation.js'
import { wrap } from '../render/wrap.js'
import { showControls } from '../terminal/control-characters.js'
import type { CommandContext } from './context.js'

/** What follows an answer on standard error: where it came from, whether it hit a limit, and by `--verbose` the whole story. */
export function tellAfterAnswer(context: CommandContext, result: ChatResult): void {
  const { terminal, options } = context
  const { err } = terminal
  const limit = limitHit(result.finishReason)
  if (limit !== undefined) err.lines(err.colours.notice(limit))
  if (options.verbose === true) tellStory(context, result)
  else if (options.explain === true) tellStory(context, { decision: result.decision })
  const { lastResort } = result
  if (lastResort !== undefined) tellLastResort(context, { ...result, lastResort })
  if (options.verbose === true || (err.isTerminal && lastResort === undefined))
    err.lines(err.colours.quiet(closingLine(result)))
}

/** Also where nobody looks on: whoever reads the answer later must be able to know. */
export function tellLastResort({ terminal }: CommandContext, by: Parameters<typeof lastResortLine>[0]): void {
  const { err } = terminal
  err.lines(err.colours.notice(wrap(lastResortLine(by), err.width, 2)))
}

/** Attempts and decision, for `--verbose`. */
export function tellStory(
  { terminal }: CommandContext,
  { attempts, decision }: { readonly attempts?: ChatResult['attempts']; readonly decision?: DecisionRecord },
): void {
  const { err } = terminal
  if (attempts !== undefined && attempts.length > 0) {
    err.lines(
      [
        '',
        'Attempts:',
        ...attempts.map((attempt) => wrap(`  ${showControls(attemptText(attempt))}`, err.width, 4)),
      ].join('\n'),
    )
  }
  if (decision !== undefined) err.lines(`\n${explanation(decision, err.colours, err.width)}`)
}

function limitHit(reason: FinishReason): string | undefined {
  if (reason === 'length')
    return 'The answer stops here because the token limit was reached (see --max-tokens).'
  return reason === 'content-filter'
    ? 'The answer stops here because the back end withheld the rest.'
    : undefined
}
