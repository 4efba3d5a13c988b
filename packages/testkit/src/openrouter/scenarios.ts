import type { ContractScenarios } from '../suite/scenarios.js'
import type { OpenAIFixture } from '../openai/fixture.js'
import { OPENROUTER_ERRORS } from './error-corpus.js'
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

/** The error answer of a name, as the double takes it. Throws when there is none. */
export function openrouterError(name: string): OpenRouterRefusal {
  const found = OPENROUTER_ERRORS.find((error) => error.name === name)
  if (found === undefined) throw new Error(`There is no error "${name}"`)
  const { status, headers, body } = found
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
    garbledAnswer: refused({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!DOCTYPE html><html><head><title>OpenRouter</title></head></html>',
    }),
    tooFewVectors: () => double.dropVector(),
    badKey: refused(openrouterError('401 that quotes the key')),
    rateLimited: refused(openrouterError('429 an upstream is busy and does not say for how long')),
    overloaded: refused(openrouterError('503 overloaded, with Retry-After')),
    tooLongPrompt: refused(openrouterError('400 the context is exceeded')),
    textModelOnly: () => ({ model: 'nvidia/nemotron-3-super-120b-a12b:free' }),
  }
}
