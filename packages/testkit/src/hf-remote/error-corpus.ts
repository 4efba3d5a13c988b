import { ENDPOINT_ERRORS } from './errors/endpoint-errors.js'
import { HUB_ERRORS } from './errors/hub-errors.js'
import { ROUTER_FAILURES } from './errors/router-failures.js'
import { ROUTER_REFUSALS } from './errors/router-refusals.js'
import type { HfErrorFixture } from './fixture.js'

/**
 * Failed answers of Hugging Face with what each means: status, headers, body, source, mark, and the code, scope and
 * wait that a right reader finds. Plain data; add to the lists it is made of.
 */
export const HF_ERROR_CORPUS: readonly HfErrorFixture[] = [
  ...ROUTER_REFUSALS,
  ...ROUTER_FAILURES,
  ...HUB_ERRORS,
  ...ENDPOINT_ERRORS,
]

/** The fixture of a name. Throws when there is none. */
export function hfError(name: string): HfErrorFixture {
  const found = HF_ERROR_CORPUS.find((fixture) => fixture.name === name)
  if (found === undefined) throw new Error(`There is no error fixture "${name}"`)
  return found
}
