import { streamBody } from '../server/stream-body.js'
import type { HubFault } from './hub-fault.js'
import type { RepositoryFile } from './repository.js'

/**
 * The bytes of a file, whole or from a `Range` on, as the hub and its storage send them (RFC 9110 14.2;
 * huggingface_hub `file_download.py`, verified); with a fault if one is given.
 */
export function fileAnswer(
  request: Request,
  file: RepositoryFile,
  headers: Readonly<Record<string, string>>,
  fault?: HubFault,
): Response {
  const size = file.bytes.length
  const start = fault?.kind === 'no-ranges' ? 0 : rangeStart(request)
  const base = { 'accept-ranges': 'bytes', 'content-type': contentType(file.path), ...headers }
  if (start !== undefined && start > 0 && start >= size) {
    return new Response(null, { status: 416, headers: { ...base, 'content-range': `bytes */${size}` } })
  }
  const partial = start !== undefined && fault?.kind !== 'no-ranges'
  const bytes = spoilt(file.bytes, fault).slice(start ?? 0)
  const all = {
    ...base,
    'content-length': String(bytes.length),
    ...(partial ? { 'content-range': `bytes ${start}-${size - 1}/${size}` } : {}),
  }
  const status = partial ? 206 : 200
  if (request.method === 'HEAD') return new Response(null, { status, headers: all })
  return new Response(bodyOf(bytes, fault), { status, headers: all })
}

/** The first byte asked for; `undefined` without a range. Only open ends (`bytes=5-`) are played. */
function rangeStart(request: Request): number | undefined {
  const found = /^bytes=(\d+)-$/.exec(request.headers.get('range') ?? '')
  return found === null ? undefined : Number(found[1])
}

function spoilt(bytes: Uint8Array<ArrayBuffer>, fault: HubFault | undefined): Uint8Array<ArrayBuffer> {
  if (fault?.kind !== 'corrupt') return bytes
  const copy = bytes.slice()
  const middle = copy.length >> 1
  copy[middle] = (copy[middle] ?? 0) ^ 0xff
  return copy
}

function bodyOf(
  bytes: Uint8Array<ArrayBuffer>,
  fault: HubFault | undefined,
): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> {
  if (fault?.kind === 'cut') return streamBody([bytes.slice(0, fault.afterBytes)], 'cut')
  if (fault?.kind === 'slow') return slowBody(bytes, fault.pieceBytes, () => fault.gate())
  return bytes
}

function slowBody(
  bytes: Uint8Array<ArrayBuffer>,
  pieceBytes: number,
  gate: () => Promise<void>,
): ReadableStream<Uint8Array> {
  let sent = 0
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await gate()
        controller.enqueue(bytes.slice(sent, sent + pieceBytes))
        sent += pieceBytes
        if (sent >= bytes.length) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}

function contentType(path: string): string {
  if (path.endsWith('.json')) return 'application/json'
  return /\.(?:md|txt|jinja)$/.test(path) ? 'text/plain; charset=utf-8' : 'application/octet-stream'
}
