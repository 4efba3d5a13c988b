import type { Clock } from '@openmux/core'
import type { FetchLike } from '@openmux/http'
import type { Script } from './script.ts'
import type { StormUpstream } from './upstream.ts'

/** What is still open of the answers that were begun. */
export interface OpenAnswers {
  /** Calls that wait for headers, and bodies that neither came to their end nor were let go of. */
  count: number
}

/** A `fetch` whose other end is the storm: no socket, the same bytes, the same failures. */
export function stormFetch(upstream: StormUpstream, clock: Clock, open: OpenAnswers): FetchLike {
  return async (url, init) => {
    const { hostname, pathname } = new URL(url)
    const text = typeof init.body === 'string' ? init.body : ''
    const script = upstream.answer(hostname.split('.')[0] ?? '', init.method ?? 'GET', pathname, text)
    const signal = init.signal ?? new AbortController().signal
    open.count += 1
    try {
      await waited(clock, script.delayMs, signal)
      if (script.refused !== undefined) throw networkFailure(script.refused)
    } catch (error) {
      open.count -= 1
      throw error
    }
    return new Response(played(script, clock, signal, open), {
      status: script.status,
      headers: script.headers,
    })
  }
}

function played(
  script: Script,
  clock: Clock,
  signal: AbortSignal,
  open: OpenAnswers,
): ReadableStream<Uint8Array> {
  let next = 0
  let over = false
  const letGo = new AbortController()
  const end = (): void => {
    if (over) return
    over = true
    open.count -= 1
    signal.removeEventListener('abort', onAbort)
    letGo.abort()
  }
  let fail = (_error: unknown): void => undefined
  const onAbort = (): void => {
    fail(signal.reason)
    end()
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        fail = (error) => controller.error(error)
        signal.addEventListener('abort', onAbort, { once: true })
        if (signal.aborted) onAbort()
      },
      async pull(controller) {
        for (;;) {
          const step = script.steps[next]
          next += 1
          if (over) return
          if (step === undefined || step.do === 'end') {
            end()
            controller.close()
            return
          }
          if (step.do === 'cut') {
            end()
            controller.error(networkFailure('UND_ERR_SOCKET'))
            return
          }
          if (step.do === 'wait') await waited(clock, step.ms, letGo.signal).catch(() => undefined)
          else if (step.bytes.length > 0) {
            controller.enqueue(step.bytes)
            return
          }
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}

/** As undici's `fetch` throws it. */
function networkFailure(code: string): TypeError {
  const cause = Object.assign(new Error(`the storm: ${code}`), { code })
  return new TypeError(code === 'UND_ERR_SOCKET' ? 'terminated' : 'fetch failed', { cause })
}

function waited(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      cancel()
      reject(signal.reason as Error)
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', leave)
      resolve()
    })
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
}
