import { OpenMuxError } from '@openmux/core'
import type { ResponseHeaders } from '../transport/response-headers.js'
import type { TransportResponse } from '../transport/transport.js'

const UTF8 = new TextDecoder('utf-8')

/** The whole body as text. Throws `too-large` above `maxBytes`, before reading where the server states the size. */
export async function collectText(response: TransportResponse, maxBytes: number): Promise<string> {
  refuseStatedSize(response, maxBytes)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.byteLength
    // Leaving the loop closes the connection.
    if (length > maxBytes) throw bodyTooLarge(maxBytes)
    chunks.push(chunk)
  }
  return textOf(chunks, length)
}

/** Throws `too-large`, and lets the body go, when the server states a size above `maxBytes`. */
export function refuseStatedSize(response: TransportResponse, maxBytes: number): void {
  const stated = statedLength(response.headers)
  if (stated === undefined || !(stated > maxBytes)) return
  response.cancel().catch(() => undefined)
  throw bodyTooLarge(maxBytes)
}

/** The beginning of the body of a failed answer, as much as comes: its own failure adds nothing. */
export async function collectFailure(
  response: TransportResponse,
  maxBytes: number,
  withinMs: number,
): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  // A server that fails may also fail to finish saying so.
  const timer = setTimeout(() => void response.cancel(), withinMs)
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk.subarray(0, maxBytes - length))
      length += Math.min(chunk.byteLength, maxBytes - length)
      if (length >= maxBytes) break
    }
  } catch {
    // What has come so far is what there is to say.
  } finally {
    clearTimeout(timer)
  }
  return textOf(chunks, length)
}

function textOf(chunks: readonly Uint8Array[], length: number): string {
  const [first] = chunks
  if (first === undefined) return ''
  if (chunks.length === 1) return UTF8.decode(first)
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return UTF8.decode(all)
}

function statedLength(headers: ResponseHeaders): number | undefined {
  const stated = headers['content-length']
  return stated === undefined ? undefined : Number(stated)
}

function bodyTooLarge(maxBytes: number): OpenMuxError {
  return new OpenMuxError({
    code: 'too-large',
    fault: 'target',
    scope: 'endpoint',
    message: `The answer has more than ${maxBytes} bytes.`,
    hint: 'Something is wrong with the server, or another program answers at this address. Check the base URL.',
  })
}
