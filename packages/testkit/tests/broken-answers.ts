import { type ChatEvent, OpenMuxError } from '@openmux/core'
import { type BrokenProvider, CANARY, changeChat, mapEvents } from './breaking.js'

let sharedAnswer: ChatEvent[] = []

/** Faults in errors, and in what an answer says. */
export const BROKEN_ANSWERS: readonly BrokenProvider[] = [
  {
    fault: 'throws plain errors',
    caughtBy: 'errors',
    says: /must be an OpenMuxError/,
    breakIt: changeChat(async function* (chat, request, context) {
      try {
        yield* chat(request, context)
      } catch (error) {
        throw new Error((error as Error).message, { cause: error })
      }
    }),
  },
  {
    fault: 'does not name provider and model in errors',
    caughtBy: 'errors',
    says: /must name/,
    breakIt: changeChat(async function* (chat, request, context) {
      try {
        yield* chat(request, context)
      } catch (error) {
        const { code, message } = error as OpenMuxError
        throw new OpenMuxError({ code, message })
      }
    }),
  },
  {
    fault: 'gives every failure the same code',
    caughtBy: 'errors',
    says: /the code must be `auth`/,
    breakIt: changeChat(async function* (chat, request, context) {
      try {
        yield* chat(request, context)
      } catch (error) {
        const { message, provider, model } = error as OpenMuxError
        throw new OpenMuxError({ code: 'unavailable', message, provider, model })
      }
    }),
  },
  {
    fault: 'leaks its key',
    caughtBy: 'errors',
    says: /shows a key/,
    breakIt: changeChat(async function* (chat, request, context) {
      try {
        yield* chat(request, context)
      } catch (error) {
        const { code, provider, model } = error as OpenMuxError
        throw new OpenMuxError({ code, message: `The server refused ${CANARY}`, provider, model })
      }
    }),
  },
  {
    fault: 'mixes calls at the same time',
    caughtBy: 'concurrency',
    says: /was answered/,
    breakIt: changeChat(async function* (chat, request, context) {
      sharedAnswer = []
      const mine = sharedAnswer
      for await (const event of chat(request, context)) mine.push(event)
      yield* sharedAnswer
    }),
  },
  {
    fault: 'answers with an invented model',
    caughtBy: 'chat-basic',
    says: /must fail, but it gave/,
    breakIt: changeChat((chat, request, context) => chat({ ...request, model: 'scripted-chat' }, context)),
  },
  {
    fault: 'says stop after a tool call',
    caughtBy: 'tools',
    says: /must finish with `tool-calls`/,
    breakIt: mapEvents((event) =>
      event.type === 'finish' && event.reason === 'tool-calls' ? [{ ...event, reason: 'stop' }] : [event],
    ),
  },
  {
    fault: 'loses half of a tool call',
    caughtBy: 'tools',
    says: /must join to a JSON object/,
    breakIt: mapEvents((event) => (event.type === 'tool-call' && event.name === undefined ? [] : [event])),
  },
  {
    fault: 'puts thinking into the answer',
    caughtBy: 'reasoning',
    says: /the model thought/,
    breakIt: mapEvents((event) => (event.type === 'reasoning' ? [{ ...event, type: 'text' }] : [event])),
  },
  {
    fault: 'wraps JSON in Markdown',
    caughtBy: 'json',
    says: /is not JSON/,
    breakIt: mapEvents((event) =>
      event.type === 'start' ? [event, { type: 'text', text: '```json\n' }] : [event],
    ),
  },
  {
    fault: 'ignores the seed',
    caughtBy: 'seed',
    says: /same seed gave/,
    breakIt: mapEvents((event) =>
      event.type === 'start' ? [event, { type: 'text', text: String(Math.random()) }] : [event],
    ),
  },
]
