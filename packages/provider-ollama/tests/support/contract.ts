import type { ContractScenarios } from '@openmux/testkit'
import type { ChatScript, OllamaDouble } from '@openmux/testkit/ollama'

export const CHAT_MODEL = 'llama3.2:1b'
export const EMBED_MODEL = 'nomic-embed-text:latest'

/** The states of the contract suite, made with a double. */
export function ollamaScenarios(
  double: OllamaDouble,
  serverDown: ContractScenarios['serverDown'],
): ContractScenarios {
  const next = (script: ChatScript) => () => double.nextChats(script)
  const inMemory = () => {
    // What hangs must be the answer: a load goes on after its caller left, by design.
    double.putInMemory(CHAT_MODEL)
    double.putInMemory(EMBED_MODEL)
  }
  return {
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
    garbledAnswer: () =>
      double.refuse('/api/chat', {
        status: 200,
        contentType: 'text/html',
        body: '<html><title>Router</title></html>',
      }),
    tooFewVectors: () => double.dropVector(),
    serverDown: serverDown ?? { cannotOccur: 'no way to stop the server was given' },
    badKey: () => double.refuse('/api/chat', { status: 401, body: '{"error":"unauthorized"}' }),
    rateLimited: () =>
      double.refuse('/api/chat', {
        status: 429,
        body: '{"StatusCode":429,"Status":"429 Too Many Requests","error":"too many requests"}',
      }),
    overloaded: () =>
      double.refuse('/api/chat', {
        status: 503,
        body: '{"error":"server busy, please try again.  maximum pending requests exceeded"}',
      }),
    tooLongPrompt: () => ({ model: 'qwen2.5-coder:1.5b' }),
    textModelOnly: () => ({ model: CHAT_MODEL }),
  }
}
