import type { Lifecycle, Provider } from '@openmux/core'
import { type ContractCase, check } from '../cases.js'
import { demand, show } from '../violation.js'

/** Longer than any difference of time zones. */
const DAY_MS = 86_400_000
const STAGES: readonly string[] = ['experimental', 'active', 'deprecated', 'disabled']

/** The stage of a provider's life, as its package states it. */
export function lifecycleCases(declared: Provider): readonly ContractCase[] {
  const cases = [
    check('states its stage and since when', async ({ provider }) => {
      const { stage, since, nextReview } = provider.lifecycle
      demand(STAGES.includes(stage), () => `unknown lifecycle stage ${show(stage)}`)
      demand(isDay(since), () => `\`lifecycle.since\` must be a day, YYYY-MM-DD, it is ${show(since)}`)
      demand(
        nextReview === undefined || isDay(nextReview),
        () => `\`lifecycle.nextReview\` must be a day, it is ${show(nextReview)}`,
      )
      demand(nextReview === undefined || nextReview >= since, '`lifecycle.nextReview` lies before `since`')
    }),
    check('began its stage in the past', async ({ provider }) => {
      const { since } = provider.lifecycle
      demand(
        Date.parse(`${since}T00:00:00Z`) <= Date.now() + DAY_MS,
        () => `\`lifecycle.since\` is ${since}: a stage cannot begin in the future`,
      )
    }),
    check('has no empty words in its lifecycle', async ({ provider }) => {
      const words: (keyof Lifecycle)[] = ['reason', 'replacement', 'notice']
      for (const word of words) {
        demand(
          provider.lifecycle[word]?.trim() !== '',
          `\`lifecycle.${word}\` is empty: leave it out or say something`,
        )
      }
    }),
  ]
  if (declared.lifecycle.stage !== 'deprecated' && declared.lifecycle.stage !== 'disabled') return cases
  return [
    ...cases,
    check(`says why it is ${declared.lifecycle.stage} and when to look again`, async ({ provider }) => {
      demand(provider.lifecycle.reason !== undefined, '`lifecycle.reason` must say why')
      demand(
        provider.lifecycle.nextReview !== undefined,
        '`lifecycle.nextReview` must say when a person looks again',
      )
    }),
  ]
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}
