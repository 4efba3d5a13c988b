import type { Lifecycle } from '@openmux/core'
import { z } from 'zod'

/** A day that the calendar has, `YYYY-MM-DD`. */
const day = z.iso.date({ error: 'must be a day of the calendar, YYYY-MM-DD' })

/** Goes into terminals, tables and a command line: one line, nothing to quote. */
const words = z
  .string()
  .trim()
  .min(1, 'must say something')
  .max(300, 'must be at most 300 characters')
  .regex(/^[^\p{Cc}`|<>]*$/u, 'must be one line of plain text, without ` | < >')

const sentence = words.regex(/[.!?]$/, 'must be a sentence, with its full stop')

/** `openmux.lifecycle` of a manifest; what each stage must say. Dates against a calendar are `reviews.ts`. */
export const lifecycleSchema = z
  .strictObject({
    stage: z.enum(['experimental', 'active', 'deprecated', 'disabled']),
    since: day,
    reason: sentence.exactOptional(),
    replacement: words.exactOptional(),
    notice: sentence.exactOptional(),
    nextReview: day.exactOptional(),
  })
  .superRefine((lifecycle, context) => {
    const { stage, since, nextReview } = lifecycle
    const complain = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message })
    }
    for (const [field, rule] of Object.entries(RULES[stage])) {
      const isThere = lifecycle[field as Word] !== undefined
      if (rule === 'needed' && !isThere) complain(field, `must be there for the stage ${stage}`)
      if (rule === 'none' && isThere) complain(field, `belongs to another stage than ${stage}: remove it`)
    }
    if (nextReview !== undefined && nextReview <= since) complain('nextReview', 'must be later than since')
  })

type Word = 'reason' | 'replacement' | 'notice' | 'nextReview'

/** What is left over from an earlier stage would still be shown to users, so `active` takes none of it. */
const RULES: Readonly<Record<Lifecycle['stage'], Readonly<Record<Word, 'needed' | 'free' | 'none'>>>> = {
  experimental: { reason: 'needed', replacement: 'free', notice: 'free', nextReview: 'needed' },
  active: { reason: 'none', replacement: 'none', notice: 'none', nextReview: 'free' },
  deprecated: { reason: 'needed', replacement: 'needed', notice: 'needed', nextReview: 'needed' },
  disabled: { reason: 'needed', replacement: 'needed', notice: 'free', nextReview: 'needed' },
}

/** The field `openmux` of a provider package's `package.json`. */
export const manifestSchema = z.strictObject({
  /** The id of the provider it makes, or what it is known by where the user gives the id. */
  provider: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower case words joined by "-"'),
  lifecycle: lifecycleSchema,
})

/** Checked: what `openmux` of a manifest holds. */
export type ProviderManifest = z.infer<typeof manifestSchema>

/** Every complaint about a value, each with its field. */
export function complaints(schema: z.ZodType, value: unknown, name: string): readonly string[] {
  const { error } = schema.safeParse(value)
  return (error?.issues ?? []).map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`)
}
