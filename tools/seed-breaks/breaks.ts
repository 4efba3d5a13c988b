import type { ErrorCode } from '@openmux/core'
import { hfError } from '@openmux/testkit/hf-remote'
import type { ANCESTORS } from './ancestors.ts'
import { type BackEnds, MODELS, nobodysAddress } from './back-ends.ts'

/** A way in which the hosted back end is gone. */
export interface Break {
  readonly name: string
  readonly ancestor: keyof typeof ANCESTORS
  /** What it is called here. */
  readonly code: ErrorCode
  /** Makes it so, and gives the address of the router. */
  readonly arrange: (ends: BackEnds) => string | Promise<string>
  /** The chat model asked for. Default: one that is served. */
  readonly chatModel?: string
  /** `cut`: known before anything is sent to it, so no attempt is spent on it. `tried`: found out by one attempt. */
  readonly found: 'cut' | 'tried'
}

function refused(fixture: string): Break['arrange'] {
  return ({ hf, hfServer }) => {
    hf.refuse('chat', hfError(fixture))
    hf.refuse('embeddings', hfError(fixture))
    return hfServer.url
  }
}

/** What the seed reports, and what happened to others on the same road. */
export const BREAKS: readonly Break[] = [
  {
    name: '410 Gone from the retired host',
    ancestor: 'the retired host',
    code: 'endpoint-gone',
    found: 'cut',
    arrange: ({ retired }) => retired.url,
  },
  {
    name: '410 Gone from the paths of inference alone',
    ancestor: 'the retired host',
    code: 'endpoint-gone',
    found: 'tried',
    arrange: refused('410 in the words of the seed'),
  },
  {
    name: '404 Not Found in plain text from the router',
    ancestor: 'a wrong path',
    code: 'not-found',
    found: 'tried',
    arrange: refused('404 plain text Not Found'),
  },
  ...(['empty-array', 'empty-object', 'absent'] as const).map((form): Break => ({
    name: `nobody serves the model (the mapping is an ${form})`.replace('an absent', 'absent'),
    ancestor: 'the official client',
    code: 'model-not-served',
    found: 'tried',
    chatModel: 'Salesforce/codegen-350M-mono',
    arrange({ hf, hfServer }) {
      hf.mappingForm(form)
      return hfServer.url
    },
  })),
  {
    name: 'the monthly credits are gone',
    ancestor: 'a refused account',
    code: 'credits',
    found: 'tried',
    arrange: refused('402 monthly credits depleted'),
  },
  {
    name: 'the token is refused',
    ancestor: 'a refused account',
    code: 'auth',
    found: 'tried',
    arrange: refused('401 bad token'),
  },
  {
    name: 'nothing listens at the address',
    ancestor: 'the retired host',
    code: 'network',
    found: 'cut',
    arrange: nobodysAddress,
  },
]

/** The model a chat goes to first. */
export function chatModelOf({ chatModel = MODELS.remoteChat }: Break): string {
  return chatModel
}
