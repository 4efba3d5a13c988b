import { readFile } from 'node:fs/promises'
import { vi } from 'vitest'
import {
  type OllamaServer,
  type RealOllama,
  realOllama,
} from '../../../../tools/real-parts/ollama-server.mjs'

/** The real parts. Their absence is an error in CI; elsewhere a skip, see {@link whySkipped}. */
export async function realParts(): Promise<RealOllama> {
  const parts = await realOllama()
  const isCi = !['', 'false', undefined].includes(process.env['CI'])
  if (!parts.available && isCi) throw new Error(`${parts.reason}. Run: ${parts.command}`)
  return parts
}

/** For a title: why its tests are skipped and what to run; empty when they run. */
export function whySkipped(parts: RealOllama): string {
  return parts.available ? '' : ` (skipped: ${parts.reason}. Run: ${parts.command})`
}

/** How often a server's log says something. */
export async function timesInLog(server: OllamaServer, words: RegExp): Promise<number> {
  const log = await readFile(server.log, 'utf8')
  return log.split('\n').filter((line) => words.test(line)).length
}

/** Waits until a server's log says something more often than `before`. */
export function untilInLog(
  server: OllamaServer,
  words: RegExp,
  before: number,
  timeout = 30_000,
): Promise<void> {
  return vi.waitFor(
    async () => {
      if ((await timesInLog(server, words)) <= before)
        throw new Error(`the log of the server does not say ${String(words)} yet`)
    },
    { timeout, interval: 5 },
  )
}

/** The line the server writes when a chat is over, however it ended. */
export const CHAT_OVER = /\[GIN\].*POST\s+"\/api\/chat"/
/** The line it writes when it begins to load. */
export const LOAD_BEGUN = /msg="starting runner"/
