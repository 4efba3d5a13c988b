import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Conversation } from './conversation.js'

/** Writes a conversation to a new file; returns what to tell. An existing file is never overwritten. */
export async function saveConversation(
  conversation: Conversation,
  file: string,
  cwd: string,
): Promise<string> {
  const path = resolve(cwd, file)
  const text = path.endsWith('.json')
    ? `${JSON.stringify(conversation, undefined, 2)}\n`
    : conversation.toMarkdown()
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
    return `saved to ${path}`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return code === 'EEXIST'
      ? `${path} exists already; name another file.`
      : `${path} cannot be written (${code}).`
  }
}
