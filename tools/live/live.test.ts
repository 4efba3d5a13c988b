import { describe, it } from 'vitest'
import { liveChecks } from './live-checks.ts'
import { liveServices } from './services.ts'

// `npm run test:live` asks the services whose keys are set. In `npm test` each of these is a skip with its reason.
const isAskedFor = process.env['OPENMUX_LIVE'] === '1'

for (const service of liveServices()) {
  const { id, lifecycle } = service
  describe(`live: ${id}, ${lifecycle.stage} since ${lifecycle.since}`, () => {
    for (const { title, skipped, run } of liveChecks(service, process.env, isAskedFor)) {
      // oxlint-disable-next-line vitest/valid-title -- it says why it is skipped
      it.skipIf(skipped !== undefined)(title, { timeout: 120_000 }, async (context) => {
        const { verdict, because } = await run()
        if (verdict === 'skip') context.skip(because)
        if (verdict === 'fail') throw new Error(because)
      })
    }
  })
}
