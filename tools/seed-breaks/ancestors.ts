import type { Behaviour } from './behaviour.ts'

/** An earlier OpenMux, written in Python, and how it was seen to behave. */
export interface Ancestor extends Behaviour {
  /** Repository, commit and file. */
  readonly where: string
  /** `ran`: reproduced against a server on loopback. `read`: seen in the code. */
  readonly how: 'ran' | 'read'
  readonly note: string
  /** What {@link faultsOf} finds in it, written out so that a change of either is noticed. */
  readonly faults: readonly string[]
}

const MAIN = 'mdnu838/OpenMux f7d0ed4'
const DEVELOP = 'mdnu838/OpenMux dfc834b'

/** Its one event loop for each call closes the HTTP session of the call before: only the first call is answered. */
const ANSWERS_ONCE = { first: 'the next back end', second: 'nobody' } as const
/** The task never reaches the provider, and what catches the failure is a text generation. */
const PROSE = { embeddings: 'prose' } as const
const USUAL_FAULTS = [
  'asks the dead again',
  'does not say what is wrong',
  'answers once only',
  'gives prose as embeddings',
] as const

/** What the ancestors did with each kind of break. */
export const ANCESTORS = {
  'the retired host': {
    where: `${MAIN} openmux/providers/huggingface.py, openmux/core/router.py`,
    how: 'ran',
    note: '410 was an error like any other: three tries with pauses of 1 and 2 s, then another second, so 4 s before somebody else was asked.',
    requestsToTheDead: 3,
    failure: 'unnamed',
    endsByItself: true,
    ...ANSWERS_ONCE,
    ...PROSE,
    faults: USUAL_FAULTS,
  },
  'a wrong path': {
    where: `${DEVELOP} openmux/providers/huggingface.py`,
    how: 'read',
    note: 'The address of the router and the name of the model behind it, without /models/: a 404, asked for three times.',
    requestsToTheDead: 3,
    failure: 'unnamed',
    endsByItself: true,
    ...ANSWERS_ONCE,
    ...PROSE,
    faults: USUAL_FAULTS,
  },
  'the official client': {
    where: `${DEVELOP} openmux/providers/huggingface_v2.py over huggingface-hub 0.36.0 InferenceClient`,
    how: 'ran',
    note: 'The client takes the first of an empty list of providers. The bare StopIteration cannot be put into a future, which then never ends: 30 s, three times.',
    requestsToTheDead: 0,
    failure: 'unnamed',
    endsByItself: false,
    ...ANSWERS_ONCE,
    ...PROSE,
    faults: ['does not say what is wrong', 'hangs', 'answers once only', 'gives prose as embeddings'],
  },
  'a refused account': {
    where: `${MAIN} openmux/core/router.py`,
    how: 'ran',
    note: 'Every error was retried, those no retry can cure as well: a wrong key three times, 3 s.',
    requestsToTheDead: 3,
    failure: 'unnamed',
    endsByItself: true,
    ...ANSWERS_ONCE,
    ...PROSE,
    faults: USUAL_FAULTS,
  },
} as const satisfies Record<string, Ancestor>
