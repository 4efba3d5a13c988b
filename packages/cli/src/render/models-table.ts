import { stripVTControlCharacters } from 'node:util'
import type { ListedModel, ModelListing } from '@openmux/core'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { inWordsOfTheCommandLine } from './library-words.js'
import { plainTable } from './plain-table.js'
import { bytes, weights } from './quantities.js'
import { wrap } from './wrap.js'

const COLUMNS = [
  { title: 'MODEL', align: 'left' },
  { title: 'TASKS', align: 'left' },
  { title: 'STATE', align: 'left' },
  { title: 'SIZE', align: 'right' },
  { title: 'WEIGHTS', align: 'right' },
  { title: 'CONTEXT', align: 'right' },
] as const

/**
 * Models as a table, one a line: names that can be given to `--model`, what for, where it is, how big. A table that is
 * wider than the terminal would break in every line, and is told in blocks.
 */
export function modelsTable(models: readonly ListedModel[], colours: Colours, width: number): string {
  if (models.length === 0) return 'No model was found.\n'
  const rows = showControlsIn(models).map((model) => row(model, colours))
  const table = plainTable(COLUMNS, rows, colours)
  const fits = stripVTControlCharacters(table)
    .split('\n')
    .every((line) => line.length <= width)
  return fits ? table : rows.map((cells) => block(cells, width)).join('')
}

/** The name on a line of its own, the rest below it. */
function block(
  [name = '', tasks = '', state = '', size = '', weight = '', window = '']: readonly string[],
  width: number,
): string {
  const rest = [
    tasks,
    state,
    size,
    weight === '' ? '' : `${weight} weights`,
    window === '' ? '' : `${window} tokens of context`,
  ]
  return `${name}\n${wrap(`    ${rest.filter((cell) => cell !== '').join('; ')}`, width, 4)}\n`
}

function row(model: ListedModel, colours: Colours): string[] {
  const state =
    model.state === 'loaded'
      ? colours.good(model.state)
      : model.state === 'downloadable'
        ? colours.quiet(model.state)
        : model.state
  return [
    colours.strong(`${model.provider}/${model.id}`),
    model.tasks.join(', '),
    [state, ...(model.free ? [] : ['paid']), ...(model.lastResort === undefined ? [] : ['last resort'])].join(
      ', ',
    ),
    model.sizeBytes === undefined ? '' : bytes(model.sizeBytes),
    model.parameters === undefined ? '' : weights(model.parameters),
    model.contextTokens === undefined ? '' : String(model.contextTokens),
  ]
}

/** What each provider that could not be asked says, and what to do. */
export function listingFailures({ failures }: ModelListing, colours: Colours, width: number): string {
  return failures
    .map(({ provider, error }) =>
      showControlsIn({
        provider,
        message: error.message,
        hint: inWordsOfTheCommandLine(error.hint, provider),
      }),
    )
    .map(({ provider, message, hint }) => {
      const told = wrap(`${provider}: ${message}`, width, 2).slice(provider.length)
      return `${colours.notice(provider)}${told}\n${wrap(`  → ${hint}`, width, 4)}\n`
    })
    .join('')
}
