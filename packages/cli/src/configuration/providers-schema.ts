import { closest, distance } from 'fastest-levenshtein'
import * as z from 'zod'
import { ENDPOINT_OPTIONS, PROVIDER_OPTIONS, SERVER_OPTIONS } from './provider-options.js'
import { words } from './shapes.js'

const KNOWN = Object.keys(PROVIDER_OPTIONS)
const ID_WORDS = 'lower case words joined by "-"'
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/**
 * The object below `providers`: the known ones by id, and servers of the user's own by any other name. What such a one
 * is its options say: `url` makes it a dedicated endpoint, else it is a server of the OpenAI format.
 */
export const providersSchema = z
  .object(PROVIDER_OPTIONS, words('an object with provider ids as keys'))
  .catchall(z.record(z.string(), z.unknown(), words('an object of options')))
  .check((context) => {
    for (const [id, options] of Object.entries(context.value)) {
      if (!KNOWN.includes(id)) context.issues.push(...issuesOf(id, options))
    }
  })

function issuesOf(id: string, input: unknown): readonly z.core.$ZodRawIssue[] {
  // As if it were a key nobody knows: with the names there are.
  if (isSlip(id))
    return [
      { code: 'unrecognized_keys', keys: [id], path: [], message: KNOWN.join(' '), input: { [id]: input } },
    ]
  if (!ID.test(id))
    return [{ code: 'invalid_key', origin: 'record', issues: [], path: [id], message: ID_WORDS, input }]
  const isEndpoint = typeof input === 'object' && input !== null && 'url' in input
  const checked = (isEndpoint ? ENDPOINT_OPTIONS : SERVER_OPTIONS).safeParse(input)
  return (checked.error?.issues ?? []).map(
    (issue) => ({ ...issue, input, path: [id, ...issue.path] }) as z.core.$ZodRawIssue,
  )
}

/** A name so near to a known one that it must be a slip. */
function isSlip(id: string): boolean {
  const near = closest(id, KNOWN)
  return /^[a-z-]+$/i.test(id) && distance(id.toLowerCase(), near) <= 2
}
