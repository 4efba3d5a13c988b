import { type ContractScenarios, wireScenarios } from '@openmux/testkit'
import type { RequestHandler } from 'msw'
import { errorCase, errorCaseHandler } from '@openmux/testkit/corpus'
import type { ChatScript, OllamaDouble, Refusal } from '@openmux/testkit/ollama'

export const CHAT_MODEL = 'llama3.2:1b'
export const EMBED_MODEL = 'nomic-embed-text:latest'

const LIMIT = refusalOf('ollama/cloud-error-passed-through')

/** A case of the corpus as the double takes it. */
function refusalOf(id: string): Refusal {
  const { status, body } = errorCase(id)
  return { status, body: JSON.stringify(body) }
}

/** The states of the contract suite, made with a double. */
export function ollamaScenarios(
  double: OllamaDouble,
  use: (...handlers: readonly RequestHandler[]) => void,
  serverDown: ContractScenarios['serverDown'],
): ContractScenarios {
  const next = (script: ChatScript) => () => double.nextChats(script)
  const inMemory = () => {
    // What hangs must be the answer: a load goes on after its caller left, by design.
    double.putInMemory(CHAT_MODEL)
    double.putInMemory(EMBED_MODEL)
  }
  const both = (refusal: Refusal): void => {
    double.refuse('/api/chat', refusal)
    double.refuse('/api/embed', refusal)
  }
  return {
    ...wireScenarios(use, { inference: /\/api\/(?:chat|embed)$/, list: /\/api\/tags$/ }),
    answersWith: (pieces) => double.nextChats({ pieces }),
    echoes: () => undefined,
    callsTool: ({ name, argumentsText }) =>
      double.nextChats({ toolCalls: [{ name, arguments: JSON.parse(argumentsText) as unknown }] }),
    answersJson: () => undefined,
    thinks({ reasoning, text }) {
      double.nextChats({ thinking: [reasoning.slice(0, 9), reasoning.slice(9)], pieces: [text] })
      return { model: 'qwen3:0.6b' }
    },
    hitsTokenLimit: () => undefined,
    continues: ({ whole }) => double.knowAnswer(whole),
    deniesPrefill: () => ({ model: 'qwen3:0.6b' }),
    refusesPrefill: { cannotOccur: 'Ollama continues a beginning or begins anew, it refuses none' },
    cutMidStream: next({ pieces: ['Half an '], ending: 'cut' }),
    endsWithoutFinish: next({ pieces: ['Half an '], ending: 'end' }),
    errorMidStream: next({
      pieces: ['Half an '],
      ending: { error: 'an error was encountered while running the model: unexpected EOF' },
    }),
    stallsMidStream: () => {
      inMemory()
      double.everyChat({ pieces: ['Half an '], ending: 'stall' })
    },
    neverAnswers: () => {
      inMemory()
      double.silence('/api/chat')
      double.silence('/api/embed')
    },
    emptyAnswer: next({ pieces: [] }),
    tooFewVectors: () => double.dropVector(),
    serverDown: serverDown ?? { cannotOccur: 'no way to stop the server was given' },
    errorInSuccess: () => both({ status: 200, body: '{"error":"model runner has unexpectedly stopped"}' }),
    badKey: () => use(errorCaseHandler(errorCase('ollama/401-key-of-the-cloud'), /\/api\/(?:chat|embed)$/)),
    rateLimited: () => both(LIMIT),
    rateLimitedFor: ({ seconds }) => both({ ...LIMIT, headers: { 'retry-after': String(seconds) } }),
    noCredits: () => both(refusalOf('ollama/subscription-as-text')),
    listsPrices: { cannotOccur: 'Ollama lists no prices' },
    overloaded: () => both(refusalOf('ollama/queue-full')),
    tooLongPrompt: () => ({ model: 'qwen2.5-coder:1.5b' }),
    textModelOnly: () => ({ model: CHAT_MODEL }),
  }
}
