import { type ChatEvent, type ChatRequest, OpenMuxError } from '@openmux/core'
import { type BrokenProvider, changeChat } from './breaking.js'

const lastOf = ({ messages }: ChatRequest): string => {
  const last = messages.at(-1)
  return last?.role === 'assistant' ? last.content : ''
}

/** What a provider does with the beginning of an answer. */
const changeBegun = (
  change: (
    ask: (request: ChatRequest) => AsyncIterable<ChatEvent>,
    request: ChatRequest,
    beginning: string,
  ) => AsyncIterable<ChatEvent>,
) =>
  changeChat((chat, request, context) => {
    const ask = (changed: ChatRequest): AsyncIterable<ChatEvent> => chat(changed, context)
    const beginning = lastOf(request)
    return beginning === '' ? ask(request) : change(ask, request, beginning)
  })

const mapText = (map: (text: string) => string) =>
  changeBegun(async function* (ask, request) {
    for await (const event of ask(request)) {
      const text = event.type === 'text' ? map(event.text) : ''
      if (event.type !== 'text') yield event
      else if (text !== '') yield { ...event, text }
    }
  })

/** Faults in continuing an answer that was begun. */
export const BROKEN_PREFILL: readonly BrokenProvider[] = [
  {
    fault: 'declares prefill and leaves the beginning out, so that the model begins anew',
    caughtBy: 'prefill',
    says: /a beginning of its own|began anew or repeats it/,
    breakIt: changeBegun((ask, request) => ask({ ...request, messages: request.messages.slice(0, -1) })),
  },
  {
    fault: 'hands the beginning on as a finished turn, so that the model begins a new one',
    caughtBy: 'prefill',
    says: /began anew or repeats it/,
    breakIt: changeBegun((ask, request) =>
      ask({ ...request, messages: [...request.messages, { role: 'user', content: 'Count to twelve.' }] }),
    ),
  },
  {
    fault: 'says the beginning again in front of the rest',
    caughtBy: 'prefill',
    says: /began anew or repeats it/,
    breakIt: changeBegun(async function* (ask, request, beginning) {
      let said = false
      for await (const event of ask(request)) {
        if (event.type === 'text' && !said) {
          said = true
          yield { ...event, text: beginning + event.text }
        } else yield event
      }
    }),
  },
  {
    fault: 'drops the white space at the seam',
    caughtBy: 'prefill',
    says: /after 'One, two,' must come ' three/,
    breakIt: mapText((text) => text.trimStart()),
  },
  {
    fault: 'puts a blank at the seam',
    caughtBy: 'prefill',
    says: /after 'One, two, thr' must come 'ee, four/,
    breakIt: mapText((text) => (text.startsWith('ee') ? ` ${text}` : text)),
  },
  {
    fault: 'takes an empty continuation for a failure',
    caughtBy: 'prefill',
    says: /an empty continuation is a whole answer/,
    breakIt: changeBegun(async function* (ask, request) {
      let spoke = false
      for await (const event of ask(request)) {
        spoke ||= event.type === 'text'
        if (event.type === 'finish' && !spoke)
          throw new OpenMuxError({
            code: 'bad-response',
            message: 'It said nothing.',
            provider: 'scripted',
            model: request.model,
          })
        yield event
      }
    }),
  },
  {
    fault: 'counts the beginning as its own words',
    caughtBy: 'prefill',
    says: /the beginning was counted too/,
    breakIt: changeBegun(async function* (ask, request, beginning) {
      for await (const event of ask(request)) {
        const usage = { inputTokens: 3, outputTokens: beginning.length }
        yield event.type === 'finish' ? { ...event, usage } : event
      }
    }),
  },
  {
    fault: 'reports an answer that came to its end as cut',
    caughtBy: 'prefill',
    says: /the finish reason must be `stop`/,
    breakIt: changeBegun(async function* (ask, request) {
      for await (const event of ask(request))
        yield event.type === 'finish' ? { ...event, reason: 'length' as const } : event
    }),
  },
  {
    fault: 'makes an outage of a refused beginning',
    caughtBy: 'prefill',
    says: /a refused beginning is `bad-request` or `unsupported`/,
    breakIt: changeBegun(async function* (ask, request) {
      try {
        yield* ask(request)
      } catch (error) {
        const { message, provider, model } = error as OpenMuxError
        throw new OpenMuxError({ code: 'unavailable', message, provider, model })
      }
    }),
  },
  {
    fault: 'promises on the card what the model does not do',
    caughtBy: 'prefill',
    says: /the card of 'scripted-closed' must deny `prefill`/,
    breakIt: (provider) => ({
      ...provider,
      models: async (context) =>
        (await provider.models(context)).map((card) => ({ ...card, supports: { prefill: true } })),
    }),
  },
]
