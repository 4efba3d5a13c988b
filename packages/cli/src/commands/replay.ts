import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { OpenMuxError } from '@openmux/core'
import { plainName } from '@openmux/core/names'
import type { ReplayableDecision } from '@openmux/core/replay'
import { namesThereAre } from '../providers/spelling.js'
import { readDecisions } from '../replay/read-decisions.js'
import { EXIT_CODES } from '../render/exit-codes.js'
import { replayText } from '../render/replay-text.js'
import type { Command, CommandContext } from './context.js'
import { printJson } from './print-json.js'

/**
 * `openmux replay FILE`: what the decisions in files of `--record`, or of `--json`, would have been under another policy
 * or order. Nobody is asked.
 */
export const command: Command = async (context) => {
  const { words, options, terminal, settings } = context
  if (words.length === 0) {
    throw new OpenMuxError({
      code: 'bad-request',
      field: 'file',
      message: 'A file of decisions is needed.',
      hint: 'Make one with `openmux ask --record decisions.jsonl "…"`, then: openmux replay decisions.jsonl --policy fast.',
    })
  }
  const texts = await Promise.all(words.map((name) => textOf(context, name)))
  const decisions = (
    await Promise.all(texts.map(async (text, place) => readDecisions(text, words[place] ?? '')))
  ).flat()
  if (options.order !== undefined) refuseNobody(options.order, decisions)
  const { replay } = await import('@openmux/core/replay')
  // Without a policy of this run it is that of the record.
  const policy = options.policy ?? settings.configuration.policy
  const report = replay(decisions, {
    ...(policy !== undefined && { policy }),
    ...(options.order !== undefined && { order: options.order }),
  })
  if (options.json === true) await printJson(context, report)
  else await terminal.out.write(replayText(decisions, report, terminal.out.colours, terminal.out.width))
  return EXIT_CODES.ok
}

/** A name that none of the decisions has would change nothing, and look as if the order did not matter. */
function refuseNobody(order: readonly string[], decisions: readonly ReplayableDecision[]): void {
  const candidates = decisions.flatMap((decision) => decision.candidates)
  const names = new Set(
    candidates.flatMap(({ provider, model }) =>
      model === undefined ? [provider] : [provider, `${provider}/${model}`],
    ),
  )
  const plain = new Set([...names].map(plainName))
  const nobody = order.find((name) => !plain.has(plainName(name)))
  if (nobody === undefined) return
  throw new OpenMuxError({
    code: 'bad-request',
    field: '--order',
    message: `No candidate of these decisions is called "${nobody}" (--order).`,
    hint: namesThereAre(nobody, [...names]),
  })
}

async function textOf({ io }: CommandContext, name: string): Promise<string> {
  const path = resolve(io.cwd, name)
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new OpenMuxError({
      code: 'bad-request',
      field: 'file',
      message: `${path} cannot be read (${code}).`,
      hint: 'Name a file of `openmux ask --record FILE`.',
    })
  }
}
