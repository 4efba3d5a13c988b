import type { ServerResponse } from 'node:http'

/** How sending ended. `cut`: the double's body errored and the socket was destroyed. `left`: the client went away. */
export type SendOutcome = 'whole' | 'cut' | 'left'

/**
 * Writes a fetch `Response` to a real socket: headers at once, every chunk of the body as soon as
 * the handler gives it, each handed to the system before the next is asked for. A body that errors
 * destroys the socket, so that the client sees a cut and not an end. `Response.error()` destroys it
 * before any byte.
 */
export async function sendResponse(
  response: Response,
  out: ServerResponse,
  withBody: boolean,
): Promise<SendOutcome> {
  if (response.type === 'error') {
    out.destroy()
    return 'cut'
  }
  out.writeHead(response.status, response.statusText || undefined, headerList(response.headers))
  const body = withBody ? response.body : null
  if (body === null) {
    await response.body?.cancel()
    out.end()
    return 'whole'
  }
  out.flushHeaders()
  const reader = body.getReader()
  const left = new Promise<'left'>((resolve) => out.once('close', () => resolve('left')))
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), left])
      if (next === 'left') {
        reader.cancel(new Error('The client went away')).catch(ignore)
        return 'left'
      }
      if (next.done) break
      if (next.value.length === 0) continue
      const written = await Promise.race([writeChunk(out, next.value), left])
      // Told by the write itself: writes to a dead socket return at once, and would keep the news of its end away.
      if (written === 'left') {
        reader.cancel(new Error('The client went away')).catch(ignore)
        return 'left'
      }
    }
    out.end()
    return 'whole'
  } catch {
    out.destroy()
    return 'cut'
  }
}

function ignore(): void {}

function writeChunk(out: ServerResponse, chunk: Uint8Array): Promise<'written' | 'left'> {
  return new Promise((resolve) => {
    out.write(chunk, (error) => resolve(error == null && out.socket?.destroyed !== true ? 'written' : 'left'))
  })
}

function headerList(headers: Headers): [string, string][] {
  const cookies = headers.getSetCookie().map((cookie): [string, string] => ['set-cookie', cookie])
  return [...[...headers].filter(([name]) => name !== 'set-cookie'), ...cookies]
}
