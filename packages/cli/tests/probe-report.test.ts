import { PROBE_VERDICTS, type ProbeCheck } from '@openmux/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compareReports,
  EXIT_CODES,
  exitCodeOfProbe,
  judge,
  type Judgement,
  type ProbedProvider,
  type ProbeReport,
  readReport,
} from '../src/index.js'
import { check, probed, report, retired, route } from './support/probe-report.js'

const DISABLED = { stage: 'disabled', since: '2025-11-10', reason: 'It answers 410.' } as const

function judged(provider: ProbedProvider): Judgement {
  const [found] = judge(report(provider))
  if (found === undefined) throw new Error('nothing was judged')
  return found
}

describe('a back end in use', () => {
  test('agrees when what could be told is as believed', () => {
    const checks = [route('chat', 'as-expected'), retired('old', 'gone'), check('key', 'not-checked')]
    expect(judged(probed(checks))).toEqual({
      provider: 'acme',
      opinion: 'agrees',
      sentences: ['2 checks are as expected.'],
    })
  })

  test.each(['gone', 'moved', 'changed-shape'] as const)('disagrees when something is %s', (verdict) => {
    const { opinion, sentences } = judged(probed([route('chat', verdict), check('list', 'as-expected')]))
    expect(opinion).toBe('disagrees')
    expect(sentences.join(' ')).toContain('evidence of chat')
  })

  test('says so first when nothing it is used for answers any more', () => {
    const checks = [route('chat', 'gone'), route('embed', 'gone', 'embeddings'), check('list', 'as-expected')]
    expect(judged(probed(checks)).sentences[0]).toContain('Nothing that acme is used for answers any more')
    const partly = [route('chat', 'gone'), route('embed', 'as-expected', 'embeddings')]
    expect(judged(probed(partly)).sentences[0]).not.toContain('Nothing')
  })

  test('disagrees when a retired address works again', () => {
    const { opinion, sentences } = judged(
      probed([route('chat', 'as-expected'), retired('old', 'works-again')]),
    )
    expect(opinion).toBe('disagrees')
    expect(sentences[0]).toContain('works again')
  })

  test.each(['unauthorised', 'quota', 'unreachable'] as const)(
    'is inconclusive when something is %s',
    (verdict) => {
      expect(judged(probed([route('chat', verdict), check('list', 'as-expected')])).opinion).toBe(
        'inconclusive',
      )
    },
  )

  test('a retired address that cannot even be reached is gone enough', () => {
    expect(judged(probed([route('chat', 'as-expected'), retired('old', 'unreachable')])).opinion).toBe(
      'agrees',
    )
  })

  test('without any check nothing is concluded', () => {
    expect(judged(probed([check('key', 'not-checked')])).opinion).toBe('inconclusive')
    expect(judged({ ...probed([]), skipped: 'not installed' })).toMatchObject({
      opinion: 'inconclusive',
      sentences: ['Nothing was checked: not installed.'],
    })
  })
})

describe('a back end that its package says is disabled', () => {
  test.each(['gone', 'moved', 'changed-shape'] as const)('agrees while its routes are %s', (verdict) => {
    const checks = [route('chat', verdict), check('list', 'as-expected')]
    expect(judged(probed(checks, DISABLED)).opinion).toBe('agrees')
  })

  test('disagrees as soon as one route works again, and says why it was disabled', () => {
    const checks = [route('chat', 'gone'), route('embed', 'as-expected', 'embeddings')]
    const { opinion, sentences } = judged(probed(checks, DISABLED))
    expect(opinion).toBe('disagrees')
    expect(sentences[0]).toContain('embed')
    expect(sentences[0]).toContain(
      'works again, and its package says disabled since 2025-11-10 (It answers 410).',
    )
  })

  test('disagrees when a retired address works again', () => {
    const checks = [route('chat', 'gone'), retired('old', 'works-again')]
    expect(judged(probed(checks, DISABLED)).opinion).toBe('disagrees')
  })

  test.each(['unreachable', 'unauthorised', 'quota'] as const)(
    'cannot be told while its routes are %s',
    (verdict) => {
      expect(judged(probed([route('chat', verdict)], DISABLED)).opinion).toBe('inconclusive')
    },
  )

  test('lists that still answer are no proof, and without a key nothing is', () => {
    expect(
      judged(probed([check('list', 'as-expected'), route('chat', 'not-checked')], DISABLED)).opinion,
    ).toBe('inconclusive')
  })
})

test('a review whose day has come is told', () => {
  const late = probed([route('chat', 'as-expected')], { nextReview: '2026-11-23' })
  expect(judged(late).sentences.at(-1)).toContain('2026-11-23')
  const early = probed([route('chat', 'as-expected')], { nextReview: '2026-11-24' })
  expect(judged(early).sentences).toHaveLength(1)
})

describe('the exit code', () => {
  const codeOf = (...providers: readonly ProbedProvider[]): number => {
    const made = report(...providers)
    return exitCodeOfProbe(made, judge(made))
  }
  const good = probed([route('chat', 'as-expected')], {}, 'good')

  test('is 6 as soon as one disagrees', () => {
    expect(codeOf(good, probed([route('chat', 'gone')]))).toBe(EXIT_CODES.drift)
    expect(codeOf(good, probed([route('chat', 'as-expected')], DISABLED))).toBe(6)
  })

  test('is 0 when one agrees and none disagrees', () => {
    expect(codeOf(good, probed([route('chat', 'unreachable')]))).toBe(0)
  })

  test('tells what could not be reached from what a person must do first', () => {
    expect(codeOf(probed([route('chat', 'unreachable')]))).toBe(EXIT_CODES.failed)
    expect(codeOf(probed([route('chat', 'quota')]))).toBe(EXIT_CODES.failed)
    expect(codeOf(probed([route('chat', 'unauthorised')]))).toBe(EXIT_CODES.setup)
    expect(codeOf({ ...probed([]), skipped: 'not installed' })).toBe(EXIT_CODES.setup)
  })
})

describe('comparing', () => {
  const before = report(probed([route('chat', 'as-expected'), check('list', 'as-expected')]))

  test('tells a changed verdict with both sides and the evidence', () => {
    const after = report(probed([route('chat', 'gone'), check('list', 'as-expected')]))
    expect(compareReports(before, after).changes).toEqual([
      {
        kind: 'verdict',
        provider: 'acme',
        check: 'chat',
        endpoint: 'POST https://example.com/chat',
        before: 'as-expected',
        after: 'gone',
        evidence: 'evidence of chat',
      },
    ])
  })

  test('tells checks, providers, stages and versions that came and went', () => {
    const after: ProbeReport = {
      ...report(
        probed([route('chat', 'as-expected'), check('key', 'quota')], {
          stage: 'deprecated',
          since: '2026-11-01',
        }),
        probed([], {}, 'new'),
      ),
      packages: { openmux: '1.1.0', '@openmux/core': '1.0.0' },
    }
    expect(compareReports(before, after).changes.map(({ kind }) => kind)).toEqual([
      'lifecycle',
      'check-added',
      'check-removed',
      'provider-added',
      'package',
      'package',
    ])
    expect(compareReports(after, before).changes).toContainEqual({
      kind: 'provider-removed',
      provider: 'new',
    })
  })

  const verdict = fc.constantFrom(...PROBE_VERDICTS)
  const anyCheck: fc.Arbitrary<ProbeCheck> = fc
    .tuple(fc.constantFrom('a', 'b', 'c', 'd'), verdict, fc.string(), fc.nat())
    .map(([id, found, evidence, durationMs]) => check(id, found, { evidence, durationMs }))
  const anyReport = fc
    .uniqueArray(fc.constantFrom('x', 'y', 'z'))
    .chain((ids) =>
      fc.tuple(
        ...ids.map((id) =>
          fc.uniqueArray(anyCheck, { selector: (one) => one.id }).map((checks) => probed(checks, {}, id)),
        ),
      ),
    )
    .map((providers) => report(...providers))

  test('nothing changed from a report to itself, whatever the words, times and order of keys', () => {
    fc.assert(
      fc.property(anyReport, fc.string(), fc.nat(), (one, evidence, durationMs) => {
        const reworded = {
          ...one,
          date: '2026-11-24T10:00:00.000Z',
          providers: one.providers.map((provider) => ({
            ...provider,
            checks: provider.checks.map((found) => ({ ...found, evidence, durationMs })),
          })),
        }
        expect(compareReports(one, reworded).changes).toEqual([])
      }),
    )
  })

  test('there and back tells as many changes', () => {
    fc.assert(
      fc.property(anyReport, anyReport, (one, other) => {
        expect(compareReports(one, other).changes).toHaveLength(compareReports(other, one).changes.length)
      }),
    )
  })

  test('what is printed can be read again and judges alike', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (one) => {
        const printed = JSON.stringify({ ...one, judgement: judge(one) })
        const read = await readReport(printed, 'file')
        expect(read).toEqual(one)
        expect(judge(read)).toEqual(judge(one))
      }),
    )
  })
})

describe('reading a report', () => {
  test.each([
    ['', 'is empty'],
    ['{', 'is not JSON'],
    ['[]', 'wrong as a whole'],
    ['{"version":2}', 'wrong at version'],
    [JSON.stringify({ ...report(), providers: [{ id: 3 }] }), 'wrong at providers.0.id'],
  ])('refuses %s', async (text, words) => {
    await expect(readReport(text, 'old.json')).rejects.toMatchObject({
      code: 'bad-request',
      field: '--compare',
      message: expect.stringContaining(words),
      hint: expect.stringContaining('openmux probe --json'),
    })
  })

  test('any JSON is read or refused with the field', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        await readReport(text, 'file').catch((error: unknown) =>
          expect(error).toMatchObject({ code: 'bad-request', field: '--compare' }),
        )
      }),
    )
  })
})
