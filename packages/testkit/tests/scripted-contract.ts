import type { Capabilities, ChatRequest, ModelCard, Readiness } from '@openmux/core'
import {
  type ContractOptions,
  type Script,
  type ScriptedError,
  scriptedProvider,
  type Scripts,
} from '../src/index.js'
import { scriptedSpace } from '../src/scripted/scripted-vectors.js'

/** Everything a scripted provider can be made to declare. */
export const EVERYTHING: Partial<Capabilities> = {
  streaming: true,
  tools: true,
  json: true,
  jsonSchema: true,
  vision: true,
  reasoning: true,
  seed: true,
  prefill: true,
}

/** Its card denies what the provider declares: it always begins anew. */
const CLOSED: ModelCard = {
  id: 'scripted-closed',
  tasks: ['chat'],
  state: 'loaded',
  free: true,
  supports: { prefill: false },
}

const DEAR: ModelCard = {
  id: 'scripted-dear',
  tasks: ['chat'],
  state: 'hosted',
  free: false,
  price: { inputPerMillion: 0.5, outputPerMillion: 2 },
}

/** Contract options of a correct provider in memory; `supports` says what it declares. */
export function scriptedContract(supports: Partial<Capabilities>): ContractOptions {
  const usual = (request: ChatRequest, _before: number): Script => {
    const last = request.messages.at(-1)
    if (request.responseFormat !== undefined) return ['{"depthOfSeaInMetres":', '3688}']
    if (last?.role === 'assistant' && request.model !== CLOSED.id) return [' and so ', 'it goes on.']
    const words = typeof last?.content === 'string' ? last.content : 'an image'
    return ['You said: ', words.slice(0, 200)]
  }
  let chats: Scripts = usual
  let readiness: Readiness = { ready: true, detail: 'scripted' }
  let failure: 'network' | undefined
  let refusal: ScriptedError | undefined
  let hasPrices = false
  const play = (script: Script) => (): void => {
    chats = [script]
  }
  /** Chats and embeddings fail so. */
  const fail = (error: ScriptedError) => (): void => {
    chats = [[{ fail: error }]]
    refusal = error
  }
  return {
    name: 'scripted',
    create() {
      const made = scriptedProvider({
        id: 'scripted',
        supports,
        embeds: true,
        models: [
          { id: 'scripted-chat', tasks: ['chat'], state: 'loaded', free: true },
          {
            id: 'scripted-embed',
            tasks: ['embeddings'],
            state: 'loaded',
            free: true,
            space: scriptedSpace('scripted-embed'),
          },
          CLOSED,
        ],
        chats: (request, before) => (typeof chats === 'function' ? chats(request, before) : (chats[0] ?? [])),
        readiness: () => readiness,
        failures: (call) => (call === 'embed' ? refusal : undefined) ?? failure,
      })
      return {
        ...made,
        models: async (context) => [...(await made.models(context)), ...(hasPrices ? [DEAR] : [])],
      }
    },
    chatModel: 'scripted-chat',
    embedModel: 'scripted-embed',
    patienceMs: 500,
    reset() {
      chats = usual
      readiness = { ready: true, detail: 'scripted' }
      failure = undefined
      refusal = undefined
      hasPrices = false
    },
    scenarios: {
      answersWith: (pieces) => play(pieces)(),
      echoes: () => undefined,
      callsTool: ({ name, argumentsText }) => {
        let calls = 0
        chats = () => {
          const id = `call_${name}_${Math.random()}_${calls++}`
          const half = Math.floor(argumentsText.length / 2)
          return [
            { type: 'tool-call', id, name, argumentsText: argumentsText.slice(0, half) },
            { type: 'tool-call', id, argumentsText: argumentsText.slice(half) },
          ]
        }
      },
      answersJson: () => undefined,
      thinks: ({ reasoning, text }) => play([{ type: 'reasoning', text: reasoning }, text])(),
      hitsTokenLimit: play(['cut ', { type: 'finish', reason: 'length' }]),
      cutMidStream: play(['some ', { fail: 'truncated' }]),
      endsWithoutFinish: play(['some ', { fail: 'truncated' }]),
      errorMidStream: play(['some ', { fail: 'unavailable' }]),
      stallsMidStream: play(['some ', { hang: true }]),
      neverAnswers: { cannotOccur: 'vectors are computed at once' },
      emptyAnswer: play([]),
      garbledAnswer: { cannotOccur: 'there is no wire' },
      errorInSuccess: fail('unavailable'),
      nothingAtAll: fail('bad-response'),
      giganticAnswer: fail('too-large'),
      endlessAnswer: fail('too-large'),
      redirects: fail('endpoint-moved'),
      rateLimitedFor: ({ seconds }) => fail({ code: 'rate-limit', until: Date.now() + seconds * 1_000 })(),
      noCredits: fail('credits'),
      listsPrices() {
        hasPrices = true
      },
      garbledList: { cannotOccur: 'there is no wire' },
      tooFewVectors: { cannotOccur: 'there is no wire' },
      serverDown() {
        chats = [[{ fail: 'network' }]]
        failure = 'network'
        readiness = { ready: false, reason: 'It is down.', remedies: ['Start it.'] }
        return {
          restore() {
            chats = usual
            failure = undefined
          },
        }
      },
      badKey: play([{ fail: 'auth' }]),
      rateLimited: play([{ fail: 'rate-limit' }]),
      overloaded: play([{ fail: 'unavailable' }]),
      continues: ({ whole }) => {
        chats = ({ messages }) => {
          const last = messages.at(-1)
          const rest = last?.role === 'assistant' ? whole.slice(last.content.length) : whole
          return rest === '' ? [] : [rest.slice(0, 5), rest.slice(5)].filter((piece) => piece !== '')
        }
      },
      deniesPrefill: () => ({ model: CLOSED.id }),
      refusesPrefill: () => {
        chats = (request, before) =>
          request.messages.at(-1)?.role === 'assistant' ? [{ fail: 'bad-request' }] : usual(request, before)
      },
      tooLongPrompt: play([{ fail: 'context-too-long' }]),
      textModelOnly: { cannotOccur: 'its only chat model declares what it can' },
    },
  }
}
