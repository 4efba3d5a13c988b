import { OpenMuxError } from '../errors/openmux-error.js'
import type { OpenMuxListener } from '../observe/emitter.js'
import type { OpenMuxEventType } from '../observe/event.js'
import { answerEvents } from './answer-events.js'
import type { ChatInput } from './chat-input.js'
import type { EmbedInput } from './embed-input.js'
import { Engine } from './engine.js'
import type { OpenMux, OpenMuxOptions } from './openmux.js'
import { streamOnce } from './stream-once.js'
import { wholeAnswer } from './whole-answer.js'

/**
 * Makes an orchestrator over providers. Does no I/O.
 * Errors: `bad-config` (with `field`) when `providers`, or a number among the options, is not what it should be.
 *
 * @example
 * const openmux = createOpenMux({ providers: [ollama(), hfLocal()] })
 * const { text, provider, model } = await openmux.chat('Write one sentence about the sea.')
 */
export function createOpenMux(options: OpenMuxOptions): OpenMux {
  const engine = new Engine(options)
  return {
    chat: (input) => wholeAnswer(engine, asChat(input)),
    stream: (input) =>
      streamOnce((outcome, arrived) => answerEvents(engine, asChat(input), outcome, arrived)),
    embed: async (input) => (await import('./embed.js')).embedTexts(engine, asEmbed(input)),
    models: async (how) => (await import('./listings.js')).listModels(engine, how?.signal),
    providers: async (how) => (await import('./listings.js')).reportProviders(engine, how?.signal),
    on: (
      what: OpenMuxEventType | readonly OpenMuxEventType[] | OpenMuxListener,
      listener?: OpenMuxListener,
    ) => subscribe(engine, what, listener),
    explain: async (input) => (await import('./explain.js')).explain(engine, input),
    online: () => engine.knowledge.connectivity.report(),
    forecast: async (how) => (await import('./forecast.js')).forecastOf(engine, how ?? {}),
    close: () => engine.close(),
    [Symbol.asyncDispose]: () => engine.close(),
  }
}

function subscribe(
  { emitter }: Engine,
  what: OpenMuxEventType | readonly OpenMuxEventType[] | OpenMuxListener,
  listener: OpenMuxListener | undefined,
): () => void {
  if (typeof what === 'function') return emitter.on(undefined, what)
  const tell = listener
  if (typeof tell !== 'function') {
    throw new OpenMuxError({
      code: 'bad-request',
      field: 'listener',
      message: 'on needs a function to tell.',
      hint: "For example: openmux.on('attempt-ended', (event) => …).",
    })
  }
  return emitter.on(typeof what === 'string' ? [what] : what, tell)
}

function asChat(input: string | ChatInput): ChatInput {
  return typeof input === 'string' ? { prompt: input } : input
}

function asEmbed(input: string | readonly string[] | EmbedInput): EmbedInput {
  return typeof input === 'string' || isList(input) ? { input } : input
}

function isList(input: readonly string[] | EmbedInput): input is readonly string[] {
  return Array.isArray(input)
}
