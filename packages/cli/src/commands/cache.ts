import { OpenMuxError } from '@openmux/core'
import { bytes, counted } from '../render/quantities.js'
import { EXIT_CODES } from '../render/exit-codes.js'
import { answersFolder } from '../state/folders.js'
import type { Command, CommandContext } from './context.js'
import { printJson } from './print-json.js'

const ACTIONS = ['info', 'clear'] as const

/** `openmux cache`, `openmux cache clear`: what is kept of answers, and how to be rid of it. Touches no other file. */
export const command: Command = async (context) => {
  const { terminal, options, settings, io } = context
  const action = actionOf(context.words)
  const folder = answersFolder(io)
  if (folder === undefined) {
    throw new OpenMuxError({
      code: 'needs-setup',
      scope: 'machine',
      message: 'There is no home folder, so there is no place for kept answers.',
      hint: 'Set OPENMUX_CACHE to an absolute folder.',
    })
  }
  const { fileCache } = await import('@openmux/core/node')
  const cache = fileCache({ folder })
  if (action === 'clear') {
    const cleared = await cache.clear()
    if (options.json === true) await printJson(context, { folder, cleared })
    else await terminal.out.write(`${counted(cleared, 'answer')} dropped from ${folder}\n`)
    return EXIT_CODES.ok
  }
  const { entries, bytes: size } = await cache.size()
  const used = settings.configuration.cache === true
  if (options.json === true) await printJson(context, { folder, entries, bytes: size, used })
  else {
    const how = used ? 'in use' : 'in use only with --cache'
    await terminal.out.write(`${counted(entries, 'answer')}, ${bytes(size)}, in ${folder} (${how})\n`)
  }
  return EXIT_CODES.ok
}

function actionOf(words: CommandContext['words']): (typeof ACTIONS)[number] {
  const [word = 'info', ...more] = words
  const action = ACTIONS.find((one) => one === word.toLowerCase())
  if (action !== undefined && more.length === 0) return action
  throw new OpenMuxError({
    code: 'bad-request',
    field: 'action',
    message: `\`openmux cache\` knows no "${words.join(' ')}".`,
    hint: 'It takes info (also what it does alone) or clear.',
  })
}
