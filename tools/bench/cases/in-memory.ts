import { type ChatEvent, createOpenMux, OpenMuxError, type Provider } from '@openmux/core'
import { drain } from '../least-code.ts'
import { compare } from '../measure.ts'
import { type Row, time } from '../row.ts'

const PIECES = 1_000

/** A provider that answers from memory, so that only our own side is measured. */
function memoryProvider(
  id: string,
  pieces: number,
  fails = false,
): Provider & { chat: NonNullable<Provider['chat']> } {
  const piece: ChatEvent = { type: 'text', text: 'word ' }
  return {
    contract: 1,
    id,
    name: id,
    lifecycle: { stage: 'active', since: '2026-11-23' },
    locality: 'local',
    tasks: ['chat'],
    supports: {
      streaming: true,
      tools: false,
      json: false,
      jsonSchema: false,
      vision: false,
      reasoning: false,
      seed: false,
      prefill: false,
      logprobs: false,
    },
    hosts: [],
    ready: async () => ({ ready: true }),
    models: async () => [{ id: 'memory', tasks: ['chat'], state: 'loaded', free: true }],
    async *chat() {
      // A refusal that is remembered by nobody: each request meets it anew.
      if (fails) throw new OpenMuxError({ code: 'unsupported', message: 'no', scope: 'request' })
      yield { type: 'start', model: 'memory', warnings: [] }
      for (let index = 0; index < pieces; index += 1) yield piece
      yield { type: 'finish', reason: 'stop', usage: { inputTokens: 1, outputTokens: pieces } }
    },
    close: async () => undefined,
  }
}

/** What the orchestrator adds to a provider that costs nothing. */
export async function inMemory(): Promise<readonly Row[]> {
  const short = memoryProvider('memory', 3)
  const long = memoryProvider('memory', PIECES)
  const direct = createOpenMux({ providers: [short] })
  const streaming = createOpenMux({ providers: [long] })
  // Somebody listens: every event is made and told.
  let told = 0
  for (const openmux of [direct, streaming]) openmux.on(() => (told += 1))
  const behindFailure = createOpenMux({ providers: [memoryProvider('broken', 3, true), short] })
  const context = {
    signal: new AbortController().signal,
    clock: { now: Date.now, after: () => () => undefined },
  }
  const request = { model: 'memory', messages: [{ role: 'user' as const, content: 'Hi' }] }

  const { attempts } = await behindFailure.chat('Hi')
  if (attempts.length !== 2) throw new Error('the broken provider was not asked')

  const calls = await compare(
    {
      bare: () => drain(short.chat(request, context)),
      engine: () => direct.chat('Hi'),
      failover: () => behindFailure.chat('Hi'),
    },
    { rounds: 40, callsPerRound: 400, warmUpMs: 1_500 },
  )
  const streams = await compare(
    { bare: () => drain(long.chat(request, context)), engine: () => drain(streaming.stream('Hi')) },
    { rounds: 20, callsPerRound: 20, warmUpMs: 1_500 },
  )
  const added = calls.engine.p50Us - calls.bare.p50Us
  const added99 = calls.engine.p99Us - calls.bare.p99Us
  const failover = calls.failover.p50Us - calls.engine.p50Us
  const perPiece = (streams.engine.p50Us - streams.bare.p50Us) / PIECES
  return [
    {
      what: 'library call over the bare provider call, p50',
      measured: time(added),
      target: '≤ 0.1 ms',
      met: added <= 100,
    },
    { what: 'the same, p99', measured: time(added99), target: '≤ 0.3 ms', met: added99 <= 300 },
    {
      what: 'failover to the next target, our side, p50',
      measured: time(failover),
      target: '≤ 0.15 ms',
      met: failover <= 150,
    },
    { what: 'streaming, added per chunk', measured: time(perPiece), target: '≤ 20 µs', met: perPiece <= 20 },
  ]
}
