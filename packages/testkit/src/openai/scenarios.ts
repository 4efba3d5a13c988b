import type { ContractScenarios } from '../suite/scenarios.js'
import { REFUSALS } from './fixtures/refusals.js'
import { PLAIN_ANSWERS } from './fixtures/plain-answers.js'
import { BROKEN_STREAMS } from './fixtures/broken-streams.js'
import { OPENAI_FIXTURES } from './fixtures/all.js'
import type { OpenAIFixture } from './fixture.js'
import type { OpenAIDouble } from './openai-double.js'

/** The fixture of a name. Throws when there is none. */
export function openaiFixture(name: string): OpenAIFixture {
  const found = OPENAI_FIXTURES.find((fixture) => fixture.name === name)
  if (found === undefined) throw new Error(`There is no fixture "${name}"`)
  return found
}

/**
 * The states of the contract suite, made by the double; all but `serverDown`, which depends on how it is served. A
 * scenario that refuses or garbles does so for chats and embeddings.
 */
export function openaiScenarios(double: OpenAIDouble): Omit<ContractScenarios, 'serverDown'> {
  const both = (fixture: OpenAIFixture | undefined) => (): void => {
    if (fixture === undefined) return
    double.everyChat(fixture)
    double.refuse('/embeddings', fixture)
  }
  const refused = (part: string) => both(REFUSALS.find(({ name }) => name.includes(part)))
  return {
    answersWith: (pieces) => double.everyChat({ pieces }),
    echoes: () => double.everyChat(undefined),
    callsTool: (call) => double.nextChats({ pieces: [{ call }] }),
    answersJson: () => double.everyChat(undefined),
    thinks: ({ reasoning, text }) => double.everyChat({ pieces: [{ reasoning }, text] }),
    continues: ({ whole }) => double.knowAnswer(whole),
    refusesPrefill: () => double.refusePrefill(),
    hitsTokenLimit: () => double.everyChat({ pieces: ['cut ', 'here'], finish: 'length' }),
    cutMidStream: () => double.everyChat({ pieces: ['some ', 'text'], ending: 'cut' }),
    endsWithoutFinish: () => double.everyChat({ pieces: ['some ', 'text'], finish: null }),
    errorMidStream: () =>
      double.everyChat(BROKEN_STREAMS.find(({ name }) => name.includes('a number as code'))),
    stallsMidStream: () => double.everyChat({ pieces: ['some ', 'text'], ending: 'stall' }),
    neverAnswers() {
      double.silence('/chat/completions')
      double.silence('/embeddings')
    },
    emptyAnswer: () => double.everyChat({ pieces: [] }),
    garbledAnswer: both(PLAIN_ANSWERS.find(({ name }) => name.includes('a web page'))),
    tooFewVectors: () => double.dropVector(),
    errorInSuccess: both(PLAIN_ANSWERS.find(({ name }) => name === 'plain: an error in a 200')),
    badKey: refused('quotes the key'),
    rateLimited: refused('429 by a window'),
    rateLimitedFor: ({ seconds }) => both(limitOf(seconds))(),
    noCredits: refused('429 without money'),
    listsPrices: { cannotOccur: 'the list of this format tells no prices' },
    overloaded: refused('503 overloaded'),
    tooLongPrompt: refused('too long'),
    textModelOnly: () =>
      double.everyChat({
        name: 'refused: 400 for an image',
        source: 'vllm-project/vllm, recorded in public issues',
        mark: 'captured',
        stream: true,
        status: 400,
        body: {
          error: {
            message: 'image input is not supported by this model',
            type: 'BadRequestError',
            param: null,
            code: 400,
          },
        },
        expected: { code: 'unsupported' },
      }),
  }
}

function limitOf(seconds: number): OpenAIFixture {
  return {
    name: `refused: 429 by a window that ends after ${seconds} s`,
    source: 'RFC 9110 10.2.3; openai/openai-node src/client.ts',
    mark: 'verified',
    stream: false,
    status: 429,
    headers: { 'content-type': 'application/json', 'retry-after': String(seconds) },
    body: {
      error: { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' },
    },
    expected: { code: 'rate-limit' },
  }
}
