import { fstatSync } from 'node:fs'
import { OpenMuxError } from '@openmux/core'
import type { CommandIo } from '../io.js'
import { bytes } from '../render/quantities.js'

/** More than this is no prompt but a mistake. */
export const STDIN_LIMIT_BYTES = 64 * 1024 * 1024

/** After so long without an end, a line says what is being waited for. */
const HINT_AFTER_MS = 2_000

/**
 * All of standard input as text, or undefined when it is a terminal or nothing is connected.
 * UTF-8, or UTF-16 with a byte order mark (what some shells of Windows pipe). Errors: `bad-request`
 * for anything that is no text, `too-large`, `aborted`.
 */
export async function readStdin(
  { stdin }: Pick<CommandIo, 'stdin'>,
  signal: AbortSignal,
  stillWaiting: () => void,
): Promise<string | undefined> {
  if (stdin.isTTY === true || !isConnected(stdin)) return undefined
  const timer = setTimeout(stillWaiting, HINT_AFTER_MS)
  try {
    return decode(await readAll(stdin, signal))
  } finally {
    clearTimeout(timer)
  }
}

async function readAll(stdin: NodeJS.ReadableStream, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const leave = (): void => {
    if ('destroy' in stdin && typeof stdin.destroy === 'function') stdin.destroy()
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    for await (const chunk of stdin) {
      const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      size += piece.length
      if (size > STDIN_LIMIT_BYTES) {
        throw new OpenMuxError({
          code: 'too-large',
          field: 'stdin',
          next: 'nowhere',
          message: `Standard input has more than ${bytes(STDIN_LIMIT_BYTES)}.`,
          hint: 'Send a part of it.',
        })
      }
      chunks.push(piece)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', leave)
  }
  if (signal.aborted)
    throw new OpenMuxError({ code: 'aborted', message: 'Interrupted while reading standard input.' })
  return Buffer.concat(chunks)
}

function decode(data: Buffer): string {
  const utf16 =
    data[0] === 0xff && data[1] === 0xfe
      ? 'utf-16le'
      : data[0] === 0xfe && data[1] === 0xff
        ? 'utf-16be'
        : undefined
  try {
    const text = new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(data)
    if (!text.includes('\0')) return text
  } catch {
    // Told below.
  }
  throw new OpenMuxError({
    code: 'bad-request',
    field: 'stdin',
    message: `Standard input is not text: ${bytes(data.length)} that are not UTF-8.`,
    hint: 'Send text. To ask about a picture or a document, convert it to text first.',
  })
}

/** A process started without standard input (some services) has a closed descriptor or `/dev/null` there. */
function isConnected(stdin: NodeJS.ReadableStream): boolean {
  if (!('fd' in stdin) || typeof stdin.fd !== 'number') return true
  try {
    return !fstatSync(stdin.fd).isCharacterDevice()
  } catch {
    return false
  }
}
