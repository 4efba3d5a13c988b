/** An id for a tool call whose server gave none. Random, so that no two answers share one. */
export function newToolCallId(): string {
  return `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`
}
