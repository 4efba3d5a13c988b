import { describe, expect, it } from 'vitest'
import { fileExists, readTable } from './table.ts'

/** What the seed reports as broken or failing, in its own words: each must have a row. */
const ITEMS = [
  '/hf-inference',
  '/hf-inference/models/{model_id}',
  '/hf-inference/{model_id}',
  'With model in payload',
  'StopIteration',
  'HTTP 410',
  'CHAT',
  'CODE',
  'EMBEDDINGS',
  'Fallback to Ollama',
  'live tests: SKIPPED',
] as const

describe('the table of docs/hf-api-migration.md', () => {
  const rows = readTable()

  it.each(ITEMS)('has a row for %s', (item) => {
    expect(rows.some((row) => row.item.includes(item))).toBe(true)
  })

  it('names files that exist', () => {
    expect(rows.filter((row) => !fileExists(row))).toEqual([])
  })

  it('names only files whose last test demands their rows', () => {
    const holding = [
      'breaks.test.ts',
      'url-forms.test.ts',
      'hybrid.test.ts',
      'self.test.ts',
      'workflow.test.ts',
    ]
    expect(
      rows.map(({ file }) => file.split('/').at(-1)).filter((name = '') => !holding.includes(name)),
    ).toEqual([])
  })
})
