import type { PolicyName, PolicyOptions } from '@openmux/core'
import * as z from 'zod'
import { POLICY_WORDS } from '../options/option-table.js'
import { flag, oneOfWords, strict, whole, words } from './shapes.js'

const PARTS = ['quality', 'speed', 'availability', 'price', 'locality', 'order'] as const

const AMOUNT = 'a number from 0 up'
const weight = z.number(words(AMOUNT)).nonnegative(words(AMOUNT)).optional()
const OWN = 'an object with "base", "weights", "patienceMs" or "floors"'

/** A policy: the name of a preset, or one with weights of the user's own. */
export const policySchema: z.ZodType<PolicyName | PolicyOptions> = z
  .union(
    [
      z.enum(POLICY_WORDS, words('a name')),
      strict(
        {
          base: oneOfWords(POLICY_WORDS),
          weights: strict(
            Object.fromEntries(PARTS.map((part) => [part, weight])) as Record<
              (typeof PARTS)[number],
              typeof weight
            >,
            `an object with ${PARTS.join(', ')}`,
          )
            .refine(
              (weights) => PARTS.some((part) => weights[part] !== 0),
              words('weights that are not all 0'),
            )
            .optional(),
          patienceMs: weight,
          floors: strict(
            { localOnly: flag, zeroCost: flag, minContextTokens: whole(1, 'a whole number above 0') },
            'an object with "localOnly", "zeroCost" or "minContextTokens"',
          ).optional(),
        },
        OWN,
      ),
    ],
    words(`one of ${POLICY_WORDS.join(', ')}, or ${OWN}`),
  )
  .transform((given) => given as PolicyName | PolicyOptions)
