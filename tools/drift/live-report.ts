import { OpenMuxError } from '@openmux/core'
import * as z from 'zod'
import { type Disagreement, type Observation, pointOf } from './disagreements.ts'

/** The part of vitest's JSON report that is read. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})

/** In the words of `tools/live/judge.ts`. */
const PASSING = /fails with (?:network|timeout|unavailable|loading):/

/** What the live tests found, out of the text of vitest's JSON report. Errors: `bad-request`, field `--live`. */
export function observeLiveTests(text: string): Observation {
  const disagreements: Disagreement[] = []
  const settled = new Set<string>()
  for (const { assertionResults } of read(text).testResults) {
    for (const { ancestorTitles, title, status, failureMessages } of assertionResults) {
      // `live: hf-remote, experimental since 2026-11-23`
      const provider = /^live: ([\w-]+),/.exec(ancestorTitles[0] ?? '')?.[1]
      if (provider === undefined) continue
      const point = { provider, subject: `live test: ${title}` }
      if (status === 'passed') settled.add(pointOf(point))
      if (status !== 'failed') continue
      const found = failureMessages?.[0]?.split('\n', 1)[0]?.replace(/^\w*Error: /, '') ?? 'it failed'
      // What time cures: the probe tells it when it lasts.
      if (PASSING.test(found)) continue
      const advice = 'Run `npm run test:live` with the key, and mend the package or its manifest.'
      disagreements.push({ ...point, kind: 'live-test', found, advice })
    }
  }
  return { disagreements, settled }
}

function read(text: string): z.infer<typeof reportSchema> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  const checked = reportSchema.safeParse(value)
  if (checked.success) return checked.data
  throw new OpenMuxError({
    code: 'bad-request',
    field: '--live',
    message: 'The file is not a JSON report of vitest.',
    hint: 'Give what `npm run test:live -- --reporter=json --outputFile=…` has written.',
  })
}
