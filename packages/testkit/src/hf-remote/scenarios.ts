import { openaiScenarios } from '../openai/scenarios.js'
import type { ContractScenarios } from '../suite/scenarios.js'
import type { ErrorOnTheWire } from '../corpus/error-case-response.js'
import { errorCase, type LabelledError } from '../corpus/read-error-corpus.js'
import type { HfEndpointDouble } from './endpoint-double.js'
import type { HfDouble } from './hf-double.js'

/** The error answer of the corpus with this title or id: of router, hub or endpoint. Throws when there is none. */
export function hfError(title: string): LabelledError {
  return errorCase(title, 'hf-remote', 'hf-endpoint')
}

/** The states of the contract suite, made by the double of router and hub; all but `serverDown`. */
export function hfScenarios(double: HfDouble): Omit<ContractScenarios, 'serverDown'> {
  const both = (fixture: ErrorOnTheWire) => (): void => {
    double.refuse('chat', fixture)
    double.refuse('embeddings', fixture)
  }
  return {
    ...openaiScenarios(double.chat),
    neverAnswers() {
      double.silence('chat')
      double.silence('embeddings')
    },
    garbledAnswer: both(hfError('200 a web page')),
    tooFewVectors: () => double.nesting('fewer'),
    errorInSuccess: both(hfError('200 model loading, old deployments')),
    badKey: both(hfError('401 bad token, quoted')),
    rateLimited: both(hfError('429 with Retry-After')),
    rateLimitedFor: ({ seconds }) => both(limitOf(seconds))(),
    noCredits: both(hfError('402 monthly credits depleted')),
    listsPrices: () => undefined,
    overloaded: both(hfError('503 overloaded')),
    tooLongPrompt: both(hfError('400 prompt too long at a partner')),
  }
}

/** The same for a dedicated endpoint. */
export function hfEndpointScenarios(double: HfEndpointDouble): Omit<ContractScenarios, 'serverDown'> {
  const refused = (fixture: ErrorOnTheWire) => (): void => double.refuse(fixture)
  return {
    ...openaiScenarios(double.chat),
    neverAnswers: () => double.silence(),
    garbledAnswer: refused(hfError('200 a web page')),
    tooFewVectors: () => double.dropVector(),
    errorInSuccess: refused(hfError('200 with the words of 402')),
    badKey: refused(hfError('401 bad token, quoted')),
    rateLimited: refused(hfError('429 with Retry-After')),
    rateLimitedFor: ({ seconds }) => refused(limitOf(seconds))(),
    noCredits: { cannotOccur: 'an endpoint is paid for by the hour' },
    listsPrices: { cannotOccur: 'an endpoint is paid for by the hour' },
    overloaded: refused(hfError('TEI: 424 back end')),
    tooLongPrompt: refused(hfError('TGI: 422 too many tokens')),
  }
}

function limitOf(seconds: number): ErrorOnTheWire {
  return { ...hfError('429 with Retry-After'), headers: { 'retry-after': String(seconds) } }
}
