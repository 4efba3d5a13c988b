/** Waits until `fits` holds, asking again and again for a bounded time; then fails with what there was. */
export async function eventually(fits: () => boolean, seen: () => string, limitMs = 10_000): Promise<void> {
  const until = Date.now() + limitMs
  while (!fits()) {
    if (Date.now() > until) throw new Error(`It did not happen in ${limitMs} ms. Last seen:\n${seen()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
