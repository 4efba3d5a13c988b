import {
  type ChatResult,
  type ChatStreamEvent,
  type Clock,
  type EmbedResult,
  isOpenMuxError,
  type OpenMux,
  type OpenMuxError,
} from '@openmux/core'
import { chatInput, embedInput, type StormRequest } from './requests.ts'

/** How a request ended, and all its caller has seen. */
export interface Played {
  readonly request: StormRequest
  readonly events: readonly ChatStreamEvent[]
  readonly result?: ChatResult
  readonly vectors?: EmbedResult
  readonly error?: OpenMuxError
  /** Something was thrown that is not ours. */
  readonly foreign?: unknown
  readonly left: boolean
  readonly startedAt: number
  readonly endedAt: number
  readonly abortedAt?: number
}

/** Plays one request as its caller would, to its end. Never throws. */
export async function play(
  openmux: OpenMux,
  request: StormRequest,
  clock: Clock,
  life: AbortSignal,
): Promise<Played> {
  const controller = new AbortController()
  const signal = request.abortAfterMs === undefined ? life : controller.signal
  const startedAt = clock.now()
  let abortedAt: number | undefined
  const cancel =
    request.abortAfterMs === undefined
      ? (): void => undefined
      : clock.after(request.abortAfterMs, () => {
          abortedAt = clock.now()
          controller.abort()
        })
  const events: ChatStreamEvent[] = []
  let ended: Pick<Played, 'result' | 'vectors' | 'error' | 'foreign'>
  let left = false
  try {
    if (request.kind === 'embed') ended = { vectors: await openmux.embed(embedInput(request, signal)) }
    else if (!request.streamed) ended = { result: await openmux.chat(chatInput(request, signal)) }
    else {
      const stream = openmux.stream(chatInput(request, signal))
      for await (const event of stream) {
        events.push(event)
        if (request.slowMs > 0 && events.length < 10) await pause(clock, request.slowMs)
        if (events.length === request.leaveAfter) {
          left = true
          break
        }
      }
      ended = { result: await stream.result() }
    }
  } catch (error) {
    ended = isOpenMuxError(error) ? { error } : { foreign: error }
  }
  cancel()
  return {
    request,
    events,
    ...ended,
    left,
    startedAt,
    endedAt: clock.now(),
    ...(abortedAt !== undefined && { abortedAt }),
  }
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}
