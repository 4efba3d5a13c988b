import { appendFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ChatInput, type DecisionRecord, isOpenMuxError, type OpenMux } from '@openmux/core'
import { wrap } from '../render/wrap.js'
import { withOutcomes } from '../replay/with-outcomes.js'
import { within } from '../state/within.js'
import { showControls } from '../terminal/control-characters.js'
import type { CommandContext } from './context.js'

/** The answer is there already: longest wait for what the others would have been worth, ms. */
const PLAN_LIMIT_MS = 4_000

/** What the file of `--record` is made of: one of these a line. It holds names, scores and times, no question and no answer. */
interface RecordedDecision {
  /** ISO 8601. */
  readonly at: string
  readonly decision: DecisionRecord
}

/** Runs work whose result or error carries a decision, and records it either way where `--record` wants it. */
export async function recording<T extends { readonly decision: DecisionRecord }>(
  context: CommandContext,
  openmux: OpenMux,
  input: ChatInput,
  work: () => Promise<T>,
): Promise<T> {
  if (context.options.record === undefined) return work()
  // The usual policy asks one after the other and scores nobody: what the others were worth is found out beside it.
  let plan: DecisionRecord | undefined
  const planning = openmux.explain(input).then((decision) => {
    plan = decision
  })
  planning.catch(() => undefined)
  const record = async (decision: DecisionRecord): Promise<void> => {
    if (decision.candidates.every(({ parts }) => parts === undefined)) await within(planning, PLAN_LIMIT_MS)
    await recordDecision(context, plan === undefined ? decision : withOutcomes(plan, decision))
  }
  try {
    const result = await work()
    await record(result.decision)
    return result
  } catch (error) {
    if (isOpenMuxError(error) && error.decision !== undefined) await record(error.decision)
    throw error
  }
}

/** Appends a decision to the file of `--record`, for `openmux replay`. A file that cannot be written costs no answer: it is told. */
export async function recordDecision(context: CommandContext, decision: DecisionRecord): Promise<void> {
  const { options, io, terminal } = context
  if (options.record === undefined) return
  const recorded: RecordedDecision = { at: new Date().toISOString(), decision }
  const path = resolve(io.cwd, options.record)
  try {
    await appendFile(path, `${JSON.stringify(recorded)}\n`, { mode: 0o600 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const line = `note: the decision was not recorded: ${path} cannot be written (${code}).`
    terminal.err.lines(terminal.err.colours.notice(wrap(showControls(line), terminal.err.width, 2)))
  }
}
