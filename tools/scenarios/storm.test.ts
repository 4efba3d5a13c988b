import { describe, expect, it } from 'vitest'
import { stormInProcess } from './storm/run.ts'
import { verdict } from './storm/verdict.ts'

/** With those over real sockets twenty thousand; a million every night (docs/failure-proofs.md). */
const IN_PROCESS = 19_200

/** Faults that must have been seen: a storm that spares somebody proves nothing. */
const FAULTS = [
  'refused',
  'reset before headers',
  'cut in the headers',
  'silent',
  'cut',
  'clean end anywhere',
  'stall',
  'malformed chunk',
  'error event',
  'error in a chunk',
  'error glued on',
  'error as JSON',
  'no finish reason',
  'broken finish reason',
  'early length',
  'filtered in the middle',
  'empty',
  'whitespace',
  'HTML',
  'HTML as a stream',
  'comments only',
  'late',
  'loop',
  'garbage',
  'no choices',
  'arguments cut, finished all the same',
  'call in the text',
  'call without a name',
  'prose instead of JSON',
  'JSON cut, finished all the same',
  'prefill refused',
  'too few vectors',
  'an index twice',
  'a shorter vector',
  'a vector that is none',
  'no list of models',
  '429 retry-after',
  '429 retry-after-ms',
  '429 x-ratelimit-reset',
  '429 in words',
  '429 without a usable hint',
  '500',
]

describe('a storm of faults', () => {
  it(`keeps every promise in ${IN_PROCESS} requests, with every byte and second made up by the seed`, async () => {
    const inProcess = await stormInProcess({ requests: IN_PROCESS, seed: 20_261_123 })
    expect(verdict(inProcess, { hasGc: false }).failures).toEqual([])
    expect(inProcess.settled).toBe(IN_PROCESS)
    expect(inProcess.ordinary).toBeGreaterThan(IN_PROCESS / 4)
    expect(FAULTS.filter((fault) => !inProcess.played.has(fault))).toEqual([])
    // Rescues of every kind, often enough to count.
    expect(inProcess.resumed.get('restart')).toBeGreaterThan(100)
    expect(inProcess.resumed.get('prefill')).toBeGreaterThan(30)
    expect(inProcess.resumed.get('discard')).toBeGreaterThan(0)
    // Without a garbage collection on demand only a leak of the crude kind shows; the nightly run looks closer.
    expect(Math.max(...inProcess.heap) - Math.min(...inProcess.heap)).toBeLessThan(256 * 2 ** 20)
  })

  it('tells the same story for the same seed, and another one for another', async () => {
    const [one, again, other] = [
      await stormInProcess({ requests: 1_000, seed: 7 }),
      await stormInProcess({ requests: 1_000, seed: 7 }),
      await stormInProcess({ requests: 1_000, seed: 8 }),
    ]
    expect(again.story).toBe(one.story)
    expect(other.story).not.toBe(one.story)
  })
})
