import { expect, it } from 'vitest'
import { stormOverHttp } from './storm/run.ts'
import { verdict } from './storm/verdict.ts'

/** With those in process (storm.test.ts) twenty thousand. */
const OVER_HTTP = 800

it(`a storm of faults over real sockets: ${OVER_HTTP} requests, every promise kept, every socket given back`, async () => {
  const report = await stormOverHttp({ requests: OVER_HTTP, seed: 1, speed: 10, pace: 8 })
  expect(verdict({ ...report, ordinary: 0 }, { hasGc: false }).failures).toEqual([])
  expect(report.settled).toBe(OVER_HTTP)
  // Too few texts for a share of 99 %, and a busy machine is slow: the exact one is held in virtual time.
  expect(report.ordinary).toBeGreaterThan(OVER_HTTP / 5)
  expect(report.complete / report.ordinary).toBeGreaterThan(0.97)
  expect(report.resumed.size).toBeGreaterThan(1)
})
