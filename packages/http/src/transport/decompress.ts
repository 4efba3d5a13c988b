import { OpenMuxError } from '@openmux/core'
import { truncatedError } from '../errors/transport-failures.js'
import type { TransportResponse } from './transport.js'

/** Content codings every runtime can undo, by the names HTTP uses for them. */
const FORMATS: Readonly<Record<string, CompressionFormat>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
}

/**
 * `response` with its content coding undone. We ask for none, yet some proxies compress anyway.
 * A coding that cannot be undone throws `bad-response`.
 */
export function decompressed(response: TransportResponse, host: string): TransportResponse {
  const coding = response.headers['content-encoding']?.trim().toLowerCase()
  if (coding === undefined || coding === '' || coding === 'identity') return response
  const format = FORMATS[coding]
  if (format === undefined) {
    void response.cancel()
    throw new OpenMuxError({
      code: 'bad-response',
      message: `${host} compresses its answers with ${coding}, which was not asked for.`,
      hint: 'Switch compression off at the server or the proxy in front of it.',
    })
  }
  return { ...response, body: inflate(response, format, host) }
}

async function* inflate(
  response: TransportResponse,
  format: CompressionFormat,
  host: string,
): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream(format)
  const reader = readable.getReader()
  // Failures of the source reach the reader by way of the stream.
  const feeding = feed(response.body, writable.getWriter())
  try {
    for (;;) {
      const step = await reader.read()
      if (step.done) return
      yield step.value
    }
  } catch (thrown) {
    throw thrown instanceof OpenMuxError ? thrown : truncatedError(host, thrown)
  } finally {
    await response.cancel()
    // Frees a feeder that waits for room.
    await reader.cancel().catch(() => undefined)
    await feeding
  }
}

async function feed(
  body: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<BufferSource>,
): Promise<void> {
  try {
    // Copied: the writer wants bytes over a plain ArrayBuffer.
    for await (const chunk of body) await writer.write(new Uint8Array(chunk))
    await writer.close()
  } catch (thrown) {
    await writer.abort(thrown).catch(() => undefined)
  }
}
