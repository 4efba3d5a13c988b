/**
 * Ids for the tool calls of one answer: the server's own where it gives one and gives it once,
 * else one of ours. Servers before 0.12 give none.
 */
export function createToolCallIds(
  random: () => string = () => crypto.randomUUID(),
): (given: string | undefined) => string {
  const used = new Set<string>()
  return (given) => {
    const id =
      given === undefined || used.has(given) ? `call_${random().replaceAll('-', '').slice(0, 24)}` : given
    used.add(id)
    return id
  }
}
