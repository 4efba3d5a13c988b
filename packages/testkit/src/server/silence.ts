/** An answer that never comes; the exchange ends when the client leaves. */
export function silence(): Promise<Response> {
  return new Promise(() => undefined)
}
