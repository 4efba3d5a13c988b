import type { ChatEvent, OpenMuxError } from '@openmux/core'
import { type BrokenProvider, changeChat, mapEvents } from './breaking.js'

/** Faults in the order, the pieces and the end of an answer. */
export const BROKEN_STREAMS: readonly BrokenProvider[] = [
  {
    fault: 'yields after finish',
    caughtBy: 'chat-basic',
    says: /nothing may follow `finish`/,
    breakIt: mapEvents((event) =>
      event.type === 'finish' ? [event, { type: 'text', text: 'PS' }] : [event],
    ),
  },
  {
    fault: 'never finishes',
    caughtBy: 'chat-basic',
    says: /without `finish`/,
    breakIt: mapEvents((event) => (event.type === 'finish' ? [] : [event])),
  },
  {
    fault: 'does not say who answers',
    caughtBy: 'chat-basic',
    says: /first event must be `start`/,
    breakIt: mapEvents((event) => (event.type === 'start' ? [] : [event])),
  },
  {
    fault: 'starts twice',
    caughtBy: 'chat-basic',
    says: /`start` may come only once/,
    breakIt: mapEvents((event) => (event.type === 'start' ? [event, event] : [event])),
  },
  {
    fault: 'yields empty pieces',
    caughtBy: 'chat-basic',
    says: /is empty/,
    breakIt: mapEvents((event) => (event.type === 'text' ? [{ type: 'text', text: '' }, event] : [event])),
  },
  {
    fault: 'tears characters apart',
    caughtBy: 'chat-stream',
    says: /half a character/,
    breakIt: mapEvents((event) =>
      event.type === 'text'
        ? event.text.split('').map((text): ChatEvent => ({ type: 'text', text }))
        : [event],
    ),
  },
  {
    fault: 'counts tokens below zero',
    caughtBy: 'chat-basic',
    says: /usage\.inputTokens/,
    breakIt: mapEvents((event) =>
      event.type === 'finish' ? [{ ...event, usage: { inputTokens: -1, outputTokens: 2 } }] : [event],
    ),
  },
  {
    fault: 'waits for the whole answer',
    caughtBy: 'chat-stream',
    says: /first piece/,
    breakIt: changeChat(async function* (chat, request, context) {
      const all: ChatEvent[] = []
      for await (const event of chat(request, context)) all.push(event)
      yield* all
    }),
  },
  {
    fault: 'joins all text into one piece',
    caughtBy: 'chat-stream',
    says: /as one `text` event/,
    breakIt: changeChat(async function* (chat, request, context) {
      let text = ''
      for await (const event of chat(request, context)) {
        if (event.type === 'text') text += event.text
        else if (event.type === 'finish')
          yield* text === '' ? [event] : [{ type: 'text' as const, text }, event]
        else yield event
      }
    }),
  },
  {
    fault: 'takes a cut for the end',
    caughtBy: 'chat-stream',
    says: /must fail, but it gave/,
    breakIt: changeChat(async function* (chat, request, context) {
      try {
        yield* chat(request, context)
      } catch (error) {
        if ((error as OpenMuxError).code !== 'truncated') throw error
        yield { type: 'finish', reason: 'stop' }
      }
    }),
  },
  {
    fault: 'ignores an abort',
    caughtBy: 'abort',
    says: /did not happen within|aborted/,
    breakIt: changeChat((chat, request, context) =>
      chat(request, { ...context, signal: new AbortController().signal }),
    ),
  },
  {
    fault: 'notices an abort late',
    caughtBy: 'abort',
    says: /it took \d+ ms/,
    breakIt: changeChat(async function* (chat, request, context) {
      const late = new AbortController()
      const forward = (): void => void setTimeout(() => late.abort(), 120)
      context.signal.addEventListener('abort', forward, { once: true })
      try {
        if (context.signal.aborted) late.abort()
        yield* chat(request, { ...context, signal: late.signal })
      } finally {
        context.signal.removeEventListener('abort', forward)
      }
    }),
  },
  {
    fault: 'leaves listeners on the signal',
    caughtBy: 'chat-basic',
    says: /listener\(s\) on context\.signal/,
    breakIt: changeChat(async function* (chat, request, context) {
      context.signal.addEventListener('abort', () => undefined)
      yield* chat(request, context)
    }),
  },
  {
    fault: 'leaves timers',
    caughtBy: 'chat-basic',
    says: /timer\(s\) of context\.clock/,
    breakIt: changeChat(async function* (chat, request, context) {
      context.clock.after(60_000, () => undefined)
      yield* chat(request, context)
    }),
  },
  {
    fault: 'works before it is iterated',
    caughtBy: 'chat-basic',
    says: /before anybody iterated/,
    breakIt: changeChat((chat, request, context) => {
      context.onProgress?.({ kind: 'load', model: request.model, done: false })
      return chat(request, context)
    }),
  },
  {
    fault: 'changes the request',
    caughtBy: 'chat-basic',
    says: /must be an OpenMuxError/,
    breakIt: changeChat(async function* (chat, request, context) {
      Object.assign(request, { model: request.model.toLowerCase() })
      yield* chat(request, context)
    }),
  },
]
