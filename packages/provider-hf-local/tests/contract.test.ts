import { providerContract } from '@openmux/testkit'
import { afterAll, describe, it } from 'vitest'
import { CHAT, cleanUp, EMBED, filledCache, provider, startHub } from './support.js'

afterAll(cleanUp)

// The hub is empty-handed for names it does not have: an unknown model is asked for there.
const { server } = await startHub()
const cacheFolder = await filledCache()

await providerContract({
  describe,
  it,
  name: 'Hugging Face local, real tiny models in a real worker',
  create: () => provider({ hub: server.url, cacheFolder }),
  chatModel: CHAT,
  embedModel: EMBED,
  patienceMs: 15_000,
  scenarios: {
    hitsTokenLimit: () => undefined,
    tooLongPrompt: () => ({ prompt: 'hello '.repeat(2_000) }),
    textModelOnly: () => undefined,
    serverDown: { cannotOccur: 'there is no server; the missing runtime has a test of its own' },
    continues: { cannotOccur: 'the real model says what it says' },
    deniesPrefill: { cannotOccur: 'every chat model is handed its beginning as text' },
    refusesPrefill: { cannotOccur: 'every chat model is handed its beginning as text' },
    overloaded: { cannotOccur: 'a full queue has a test of its own' },
    emptyAnswer: { cannotOccur: 'the tiny model always says something' },
    stallsMidStream: { cannotOccur: 'a model in this process does not stall' },
    neverAnswers: { cannotOccur: 'a model in this process answers' },
    answersWith: { cannotOccur: 'the real model says what it says' },
    echoes: { cannotOccur: 'the tiny model repeats nothing' },
    cutMidStream: { cannotOccur: 'there is no connection' },
    endsWithoutFinish: { cannotOccur: 'there is no connection' },
    errorMidStream: { cannotOccur: 'there is no connection' },
    badKey: { cannotOccur: 'models in the cache need no key' },
    rateLimited: { cannotOccur: 'there is no limit on this machine' },
    garbledAnswer: { cannotOccur: 'there is no wire format' },
    errorInSuccess: { cannotOccur: 'there is no wire format' },
    nothingAtAll: { cannotOccur: 'there is no wire format' },
    giganticAnswer: { cannotOccur: 'there is no wire format' },
    endlessAnswer: { cannotOccur: 'an answer ends at its token limit' },
    redirects: { cannotOccur: 'no request is sent for an answer; downloads have tests of their own' },
    rateLimitedFor: { cannotOccur: 'there is no limit on this machine' },
    noCredits: { cannotOccur: 'models on this machine cost nothing' },
    listsPrices: { cannotOccur: 'models on this machine cost nothing' },
    garbledList: { cannotOccur: 'the list is of the models in the cache' },
    tooFewVectors: { cannotOccur: 'vectors are cut from one block by number' },
  },
})
