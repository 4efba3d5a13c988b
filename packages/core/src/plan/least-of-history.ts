import type { Message } from '../contract/message.js'

/** What of a conversation no policy leaves out: the system messages and the last turn. */
export function leastOf(messages: readonly Message[]): readonly Message[] {
  const lastUser = messages.findLastIndex(({ role }) => role === 'user')
  return messages.filter(({ role }, index) => role === 'system' || index >= lastUser)
}
