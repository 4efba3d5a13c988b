import { describe, expect, it } from 'vitest'
import { contractRuns, type VitestReport } from '../contract-runs.ts'
import type { MatrixColumn } from '../matrix-columns.ts'
import { failedCells, matrixText, supportMatrix } from '../support-matrix.ts'

const COLUMN: MatrixColumn = {
  heading: 'toy',
  folder: 'provider-toy',
  suites: { 'in process': /^toy in process$/, 'over HTTP': /^toy over HTTP/ },
}
const DECLARATION = 'declares the same every time: chat, code; streaming, tools, prefill'

type Went = readonly [group: string, title: string, status?: string]

/** The report of a package whose suites went so. */
function report(suites: Readonly<Record<string, readonly Went[]>>, declaration = DECLARATION): VitestReport {
  return {
    testResults: Object.entries(suites).map(([suite, tests]) => ({
      assertionResults: [['declaration', declaration] as const, ...tests].map(([group, title, status]) => ({
        ancestorTitles: [`${suite}: provider contract`, group],
        title,
        status: status ?? 'passed',
      })),
    })),
  }
}

const marks = (given: VitestReport): Readonly<Record<string, string>> =>
  Object.fromEntries(
    supportMatrix(contractRuns('provider-toy', given), [COLUMN]).map(({ label, cells }) => [
      label,
      cells[0]?.mark ?? '',
    ]),
  )

const CHATS: readonly Went[] = [['chat-basic', 'answers']]
const TOOLS: readonly Went[] = [['tools', 'calls']]

describe('the support matrix', () => {
  it('says yes only where the tests of both runs passed', () => {
    expect(marks(report({ 'toy in process': CHATS, 'toy over HTTP': CHATS }))['chat, code']).toBe('✔')
    expect(marks(report({ 'toy in process': CHATS, 'toy over HTTP': [] }))['chat, code']).toBe('○')
    expect(
      marks(report({ 'toy in process': CHATS, 'toy over HTTP': [['chat-basic', 'answers', 'failed']] })),
    ).toMatchObject({ 'chat, code': '✘' })
    const failed: readonly Went[] = [['chat-basic', 'answers', 'failed']]
    const runs = contractRuns('provider-toy', report({ 'toy in process': failed, 'toy over HTTP': CHATS }))
    expect(failedCells(supportMatrix(runs, [COLUMN]), [COLUMN])).toEqual(['chat, code of toy'])
    // A worker that died leaves its tests without an end.
    expect(
      marks(report({ 'toy in process': CHATS, 'toy over HTTP': [['chat-basic', 'answers', 'queued']] })),
    ).toMatchObject({ 'chat, code': '✘' })
  })

  it('tells what is not declared from what is declared and not tested', () => {
    const both = { 'toy in process': TOOLS, 'toy over HTTP': TOOLS }
    expect(marks(report(both))).toMatchObject({ tools: '✔', prefill: '○', images: '–', streaming: '○' })
  })

  it('does not take a refusal that failed for something that is merely not declared', () => {
    const refused: readonly Went[] = [['vision', 'images are not declared: refused', 'failed']]
    expect(marks(report({ 'toy in process': refused, 'toy over HTTP': refused }))['images']).toBe('✘')
  })

  it('does not count a skipped test as a proof, and gives its reason', () => {
    const skipped: readonly Went[] = [
      ['tools', 'calls (skipped: no scenario `callsTool` was given)', 'skipped'],
    ]
    const runs = { 'toy in process': skipped, 'toy over HTTP': skipped }
    expect(marks(report(runs))['tools']).toBe('○')
    const text = matrixText(supportMatrix(contractRuns('provider-toy', report(runs)), [COLUMN]), [COLUMN])
    expect(text).toContain('- **toy**: no scenario `callsTool` was given (tools)')
  })

  it('takes a variant of a run for no more than it declares', () => {
    const given = report({ 'toy in process': TOOLS, 'toy over HTTP': TOOLS })
    const little = report(
      { 'toy over HTTP, embeddings': [] },
      'declares the same every time: embeddings; nothing',
    )
    const joined = { testResults: [...given.testResults, ...little.testResults] }
    expect(marks(joined)).toMatchObject({ tools: '✔' })
  })

  it('gives a group that is new in the suite a row of its own', () => {
    const limits: readonly Went[] = [['limits', 'names the window']]
    expect(marks(report({ 'toy in process': limits, 'toy over HTTP': limits }))['`limits`']).toBe('✔')
  })

  it('refuses a suite that has no column, a column without a run, a suite that declares nothing', () => {
    const stranger = contractRuns('provider-toy', report({ 'stranger in process': [] }))
    expect(() => supportMatrix(stranger, [COLUMN])).toThrow(
      'no column for the contract suite "stranger in process"',
    )
    const half = contractRuns('provider-toy', report({ 'toy in process': [] }))
    expect(() => supportMatrix(half, [COLUMN])).toThrow('no run of the contract suite for toy, over HTTP')
    expect(() => contractRuns('x', report({ 'toy in process': [] }, 'something else'))).toThrow(
      'toy in process',
    )
  })
})
