import Table from 'cli-table3'
import type { Colours } from '../terminal/colours.js'

/** A table without lines: columns apart by two blanks. */
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

/** A column of {@link plainTable}. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Rows below quiet titles (none where all are empty), without lines. A column that nobody fills would only push the next off the screen, and is left out. */
export function plainTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colours: Colours,
): string {
  const shown = columns.map((_column, place) => rows.some((cells) => (cells[place] ?? '') !== ''))
  const only = <T>(cells: readonly T[]): T[] => cells.filter((_cell, place) => shown[place])
  const table = new Table({
    head: columns.every(({ title }) => title === '')
      ? []
      : only(columns.map(({ title }) => colours.quiet(title))),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: only(columns.map(({ align = 'left' }) => align)),
  })
  for (const cells of rows) table.push(only(cells))
  // The last column is padded; nobody needs spaces at the end of a line.
  const lines = table.toString().split('\n')
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}
