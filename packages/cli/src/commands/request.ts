import { type ChatInput, type Message, OpenMuxError, type RoutingOptions } from '@openmux/core'
import { readStdin } from '../input/read-stdin.js'
import { failoverLine } from '../render/failover-line.js'
import { wrap } from '../render/wrap.js'
import type { CommandContext } from './context.js'

/** Standard input as text, with a line to say so when it takes long. */
export function stdinText({ io, interrupts, terminal }: CommandContext): Promise<string | undefined> {
  return readStdin(io, interrupts.signal, () =>
    terminal.err.lines(
      terminal.err.colours.quiet('reading standard input (end it, or start with < /dev/null)'),
    ),
  )
}

/** Who may answer, within which bounds: the same for every request of a run. */
export function routing(
  { settings, interrupts }: CommandContext,
  signal = interrupts.signal,
): RoutingOptions {
  const { provider, model, prefer, localOnly, offline, maxAttempts, timeout } = settings.configuration
  const { zeroCost, minContextTokens, policy, impatient, nano } = settings.configuration
  return {
    signal,
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(prefer !== undefined && { prefer }),
    ...((localOnly === true || offline === true) && { localOnly: true }),
    ...(zeroCost === true && { zeroCost }),
    ...(minContextTokens !== undefined && { minContextTokens }),
    ...(policy !== undefined && { policy }),
    ...(impatient !== undefined && { impatient }),
    ...(nano === false && { lastResort: false }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(timeout !== undefined && { timeouts: { totalMs: timeout * 1_000 } }),
  }
}

/** {@link routing} for embeddings, which have a model of their own in the configuration. */
export function embeddingRouting(context: CommandContext): RoutingOptions {
  const { model: _model, ...rest } = routing(context)
  const { embeddingModel } = context.settings.configuration
  return { ...rest, ...(embeddingModel !== undefined && { model: embeddingModel }) }
}

/** A chat request from the options of the run. Errors: `bad-request` for a task that chat is not. */
export function chatInput(
  context: CommandContext,
  messages: readonly Message[],
  signal?: AbortSignal,
): ChatInput {
  const { options, settings } = context
  const { temperature, maxTokens, reasoning, task } = options
  const { system, onBreak, history, hedge } = settings.configuration
  if (task === 'embeddings') {
    throw new OpenMuxError({
      code: 'bad-request',
      field: '--task',
      message: 'Vectors are no answer to a question.',
      hint: 'Use `openmux embed "…"` for embeddings.',
    })
  }
  return {
    ...routing(context, signal),
    messages,
    ...(system !== undefined && { system }),
    ...(task !== undefined && { task }),
    ...(onBreak !== undefined && { onBreak }),
    ...(history !== undefined && { history }),
    ...(hedge !== undefined && { hedge }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(reasoning !== undefined && { reasoning }),
  }
}

/** Listeners that show what happens on the way to an answer, on standard error. */
export function listeners({ activity, terminal }: CommandContext): {
  readonly onProgress: NonNullable<RoutingOptions['onProgress']>
  readonly onFailedAttempt: NonNullable<RoutingOptions['onFailedAttempt']>
} {
  return {
    onProgress: (progress) => activity.onProgress(progress),
    onFailedAttempt(attempt) {
      const line = failoverLine(attempt)
      if (line !== undefined)
        terminal.err.lines(terminal.err.colours.notice(wrap(line, terminal.err.width, 2)))
    },
  }
}
