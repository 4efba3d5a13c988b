import fc from 'fast-check'
import { expect, it } from 'vitest'
import { GRACE_DAYS, review } from '../reviews.ts'

const lifecycle = {
  stage: 'disabled',
  since: '2026-01-01',
  reason: 'It is gone.',
  replacement: 'Use another.',
  nextReview: '2026-03-01',
} as const

const on = (today: string, asOf = today) => review('x', lifecycle, { today, asOf })

it('says nothing before the day of the next look, and on it', () => {
  for (const day of ['2026-02-28', '2026-03-01']) expect(on(day)).toEqual({ failures: [], warnings: [] })
})

it('warns from the day after, and fails when nobody looked for a month', () => {
  expect(on('2026-03-02')).toMatchObject({ failures: [], warnings: [expect.stringContaining('2026-03-01')] })
  expect(on('2026-03-31').failures).toEqual([])
  expect(on('2026-04-01')).toMatchObject({
    failures: [expect.stringContaining('x.nextReview')],
    warnings: [],
  })
})

it('never fails later at a commit at which it did not fail before', () => {
  const day = fc.date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(day, day, day, (committed, one, other) => {
      const [early, late] = [one, other].toSorted((a, b) => a.getTime() - b.getTime())
      const at = (today: Date | undefined) =>
        review('x', lifecycle, { today: text(today), asOf: text(committed) }).failures
      if (at(early).length === 0) expect(at(late)).toEqual([])
    }),
  )
})

it('refuses a stage that begins in the future, but for the time zones', () => {
  const from = (since: string) =>
    review('x', { stage: 'active', since }, { today: '2026-11-23', asOf: '2026-11-23' }).failures
  expect(from('2026-11-24')).toEqual([])
  expect(from('2026-11-25')).toEqual(['x.since: 2026-11-25 is yet to come'])
})

it('refuses a next look in years', () => {
  const far = { ...lifecycle, nextReview: '2028-01-01' }
  expect(review('x', far, { today: '2026-11-23', asOf: '2026-11-23' }).failures).toEqual([
    'x.nextReview: 2028-01-01 is more than a year away',
  ])
  expect(GRACE_DAYS).toBeLessThan(366)
})

function text(day: Date | undefined): string {
  return (day ?? new Date(0)).toISOString().slice(0, 10)
}
