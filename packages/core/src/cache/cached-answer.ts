import type { EmbedResult, ChatResult, ChatStreamEvent, CachedMark } from '../orchestrator/results.js'
import { isKeepable } from './recorded-answer.js'

/** An answer as it is kept: what a stream of it yields, and its result. Tries are not kept: nobody is asked again. */
export interface KeptChat {
  readonly kind: 'chat'
  readonly events: readonly ChatStreamEvent[]
  readonly result: Omit<ChatResult, 'attempts' | 'cached'>
}

/** Vectors as they are kept. */
export interface KeptEmbedding {
  readonly kind: 'embed'
  readonly result: Omit<EmbedResult, 'attempts' | 'cached'>
}

const NOTHING_SPENT = { inputTokens: 0, outputTokens: 0 }

/** What to keep of an answer; undefined when it must not be: cut, continued elsewhere, filtered, given offline or by a last resort. */
export function keptChat(result: ChatResult, events = eventsOf(result)): KeptChat | undefined {
  if (!isKeepable(events) || result.cached !== undefined || wasOffline(result)) return undefined
  // What answered because nobody else could is no answer to give again.
  if (result.lastResort !== undefined) return undefined
  const { attempts: _attempts, cached: _cached, ...kept } = result
  return { kind: 'chat', events, result: kept }
}

/** What to keep of vectors. */
export function keptEmbedding(result: EmbedResult): KeptEmbedding | undefined {
  if (result.cached !== undefined) return undefined
  const { attempts: _attempts, cached: _cached, ...kept } = result
  return { kind: 'embed', result: kept }
}

/** Only a whole answer of ours: a cache may be shared with something else. */
export function readKeptChat(value: unknown): KeptChat | undefined {
  if (!isFields(value) || value['kind'] !== 'chat') return undefined
  const { events, result } = value
  if (!Array.isArray(events) || !events.every(isEvent) || !isKeepable(events)) return undefined
  if (!isFields(result) || typeof result['text'] !== 'string' || !isFields(result['decision']))
    return undefined
  if (result['lastResort'] !== undefined) return undefined
  return value as unknown as KeptChat
}

/** As {@link readKeptChat}, for vectors. */
export function readKeptEmbedding(value: unknown): KeptEmbedding | undefined {
  if (!isFields(value) || value['kind'] !== 'embed' || !isFields(value['result'])) return undefined
  const { vectors, space, decision } = value['result']
  if (!Array.isArray(vectors) || !isFields(space) || !isFields(decision)) return undefined
  return value as unknown as KeptEmbedding
}

/** A result as somebody gets it who did not pay for it: no tries, nothing spent, and where it came from. */
export function asCached<R extends ChatResult | EmbedResult>(
  result: Omit<R, 'attempts' | 'cached'> & Pick<R, 'usage'>,
  storedAt: number,
  durationMs: number,
  similarity?: number,
): R {
  const { usage } = result
  const cached: CachedMark = {
    storedAt,
    ...(usage !== undefined && { usage }),
    ...(similarity !== undefined && { similarity }),
  }
  const plain: Record<string, unknown> = { ...result, attempts: [], usage: NOTHING_SPENT, durationMs, cached }
  // It says how long the model took, then.
  delete plain['firstTokenMs']
  return plain as unknown as R
}

/** An event of an answer that was paid for by somebody else. */
export function asCachedEvent(event: ChatStreamEvent): ChatStreamEvent {
  return event.type === 'finish' ? { ...event, usage: NOTHING_SPENT } : event
}

/** The stream that a whole answer would have been, its text in one piece. */
function eventsOf(result: ChatResult): readonly ChatStreamEvent[] {
  const {
    provider,
    model,
    warnings,
    reasoning,
    text,
    toolCalls,
    finishReason,
    rawFinishReason,
    usage,
    servedBy,
  } = result
  return [
    { type: 'start', provider, model, warnings, ...(servedBy !== undefined && { servedBy }) },
    ...(reasoning === '' ? [] : [{ type: 'reasoning' as const, text: reasoning }]),
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...toolCalls.map(({ id, name, arguments: argumentsText }) => ({
      type: 'tool-call' as const,
      id,
      name,
      argumentsText,
    })),
    {
      type: 'finish',
      reason: finishReason,
      ...(rawFinishReason !== undefined && { rawReason: rawFinishReason }),
      ...(usage !== undefined && { usage }),
    },
  ]
}

/** Without a network only what runs here was asked: with one, somebody better may be there. */
function wasOffline({ decision }: ChatResult): boolean {
  return decision.candidates.some(({ verdict, code }) => verdict === 'cut' && code === 'network')
}

function isEvent(value: unknown): value is ChatStreamEvent {
  return isFields(value) && typeof value['type'] === 'string'
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
