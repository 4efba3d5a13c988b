import { PROBE_VERDICTS, TASKS } from '@openmux/core'
import * as z from 'zod'

/** The members of a report that comparing and judging need; others are left as they come. */
export const reportSchema = z.object({
  version: z.literal(1),
  date: z.iso.datetime(),
  spend: z.boolean(),
  packages: z.record(z.string(), z.string()),
  providers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      package: z.string().optional(),
      skipped: z.string().optional(),
      lifecycle: z.object({
        stage: z.enum(['experimental', 'active', 'deprecated', 'disabled']),
        since: z.string(),
        reason: z.string().optional(),
        replacement: z.string().optional(),
        notice: z.string().optional(),
        nextReview: z.string().optional(),
      }),
      checks: z.array(
        z.object({
          id: z.string(),
          endpoint: z.string(),
          purpose: z.string(),
          task: z.enum(TASKS).optional(),
          expected: z.enum(['as-expected', 'gone']),
          verdict: z.enum(PROBE_VERDICTS),
          status: z.number().optional(),
          evidence: z.string(),
          spent: z.boolean(),
          durationMs: z.number(),
        }),
      ),
    }),
  ),
})
