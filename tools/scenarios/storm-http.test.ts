import { expect, it } from 'vitest'
import { stormOverHttp } from './storm/run.ts'
import { LEAST_COMPLETE_OVER_HTTP, verdict } from './storm/verdict.ts'

/** With those in process (storm.test.ts) twenty thousand. */
const OVER_HTTP = 800

it(`a storm of faults over real sockets: ${OVER_HTTP} requests, every promise kept, every socket given back`, async () => {
  const report = await stormOverHttp({ requests: OVER_HTTP, seed: 1, speed: 10, pace: 8 })
  expect(verdict(report, { hasGc: false, leastComplete: LEAST_COMPLETE_OVER_HTTP }).failures).toEqual([])
  expect(report.settled).toBe(OVER_HTTP)
  expect(report.ordinary).toBeGreaterThan(OVER_HTTP / 5)
  expect(report.resumed.size).toBeGreaterThan(1)
})
