import type { ContractScenarios } from '../suite/scenarios.js'
import type { OpenAIFixture } from '../openai/fixture.js'
import { errorCase } from '../corpus/read-error-corpus.js'
import { OPENROUTER_BROKEN } from './fixtures/broken-answers.js'
import { OPENROUTER_ANSWERS } from './fixtures/streams.js'
import type { OpenRouterDouble } from './openrouter-double.js'
import type { OpenRouterRefusal } from './double-state.js'

/** The fixture of a name, whole or broken. Throws when there is none. */
export function openrouterFixture(name: string): OpenAIFixture {
  const found = [...OPENROUTER_ANSWERS, ...OPENROUTER_BROKEN].find((fixture) => fixture.name === name)
  if (found === undefined) throw new Error(`There is no fixture "${name}"`)
  return found
}

/** The error answer of the corpus with this title or id, as the double takes it. Throws when there is none. */
export function openrouterError(title: string): OpenRouterRefusal {
  const { status, headers, body } = errorCase(title, 'openrouter')
  return { status, body, ...(headers === undefined ? {} : { headers }) }
}

/** The states of the contract suite; all but `serverDown`, which depends on how the double is served. */
export function openrouterScenarios(double: OpenRouterDouble): Omit<ContractScenarios, 'serverDown'> {
  const refused = (refusal: OpenRouterRefusal) => (): void => {
    double.refuse('/chat/completions', refusal)
    double.refuse('/embeddings', refusal)
  }
  return {
    answersWith: (pieces) => double.everyChat({ pieces }),
    echoes: () => double.everyChat(undefined),
    callsTool: (call) => double.nextChats({ pieces: [{ call }] }),
    answersJson: () => double.everyChat(undefined),
    thinks: ({ reasoning, text }) => double.everyChat({ pieces: [{ reasoning }, text] }),
    hitsTokenLimit: () => double.everyChat({ pieces: ['cut ', 'here'], finish: 'length' }),
    cutMidStream: () => double.everyChat({ pieces: ['some ', 'text'], ending: 'cut' }),
    endsWithoutFinish: () => double.everyChat({ pieces: ['some ', 'text'], finish: null }),
    errorMidStream: () =>
      double.everyChat(openrouterFixture('broken: an error in the middle, a word as code')),
    stallsMidStream: () => double.everyChat({ pieces: ['some ', 'text'], ending: 'stall' }),
    neverAnswers() {
      double.silence('/chat/completions')
      double.silence('/embeddings')
    },
    emptyAnswer: () => double.everyChat({ pieces: [] }),
    garbledAnswer: refused(openrouterError('200 a web page')),
    tooFewVectors: () => double.dropVector(),
    errorInSuccess: refused(openrouterError('200 with an error inside')),
    badKey: refused(openrouterError('401 that quotes the key')),
    rateLimited: refused(openrouterError('429 an upstream is busy and does not say for how long')),
    rateLimitedFor: ({ seconds }) => {
      const limit = openrouterError('429 an upstream is busy and says for how long')
      refused({ ...limit, headers: { 'retry-after': String(seconds) } })()
    },
    noCredits: refused(openrouterError('402 the account has no credits')),
    listsPrices: () => undefined,
    overloaded: refused(openrouterError('503 overloaded, with Retry-After')),
    tooLongPrompt: refused(openrouterError('400 the context is exceeded')),
    textModelOnly: () => ({ model: 'nvidia/nemotron-3-super-120b-a12b:free' }),
  }
}
