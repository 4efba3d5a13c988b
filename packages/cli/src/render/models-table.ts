import type { ListedModel, ModelListing } from '@openmux/core'
import Table from 'cli-table3'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { bytes, weights } from './quantities.js'

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const

/** Models as a table, one a line: names that can be given to `--model`, what for, where it is, how big. */
export function modelsTable(models: readonly ListedModel[], colours: Colours): string {
  if (models.length === 0) return 'No model was found.\n'
  const table = new Table({
    head: ['MODEL', 'TASKS', 'STATE', 'SIZE', 'WEIGHTS', 'CONTEXT'].map((title) => colours.quiet(title)),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right'],
  })
  for (const model of showControlsIn(models)) table.push(row(model, colours))
  const text = table.toString()
  // The last column is padded; nobody needs spaces at the end of a line.
  return `${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
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
    model.free ? state : `${state}, paid`,
    model.sizeBytes === undefined ? '' : bytes(model.sizeBytes),
    model.parameters === undefined ? '' : weights(model.parameters),
    model.contextTokens === undefined ? '' : String(model.contextTokens),
  ]
}

/** One line for each provider that could not be asked. */
export function listingFailures({ failures }: ModelListing, colours: Colours): string {
  return failures
    .map(({ provider, error }) => showControlsIn({ provider, message: error.message, hint: error.hint }))
    .map(({ provider, message, hint }) => `${colours.notice(provider)}: ${message}\n  → ${hint}\n`)
    .join('')
}
