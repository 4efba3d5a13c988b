import { type ChatEvent, OpenMuxError, systemClock } from '@openmux/core'
import { readServerSentEvents } from '@openmux/http'
import { readChatStream } from '../../src/index.js'

/** Bytes as a body in the pieces given. */
async function* bodyOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield piece
}

/** The events of a stream that arrives in these pieces, and the code it failed with. */
export async function readPieces(
  pieces: readonly Uint8Array[],
): Promise<{ events: readonly ChatEvent[]; code?: string }> {
  let ids = 0
  const events: ChatEvent[] = []
  const stream = readChatStream({
    events: readServerSentEvents(bodyOf(pieces)),
    origin: { provider: 'double', model: 'asked' },
    warnings: [],
    newId: () => `made-${++ids}`,
    reasoning: true,
    uniqueIds: true,
    failure: () => new OpenMuxError({ code: 'unavailable', message: 'found' }),
    clock: systemClock,
    usageWaitMs: 0,
  })
  try {
    for await (const event of stream) events.push(event)
    return { events }
  } catch (error) {
    if (!(error instanceof OpenMuxError)) throw error
    return { events, code: error.code }
  }
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Bytes cut at these places. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b)
  const starts = [0, ...cuts]
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1] ?? bytes.length))
}
