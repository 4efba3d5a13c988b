/**
 * JSON text that is equal exactly when two values are: members sorted by name, `undefined` members left out as
 * JSON does, no spaces. Numbers and texts as `JSON.stringify` writes them. Throws `TypeError` for a cycle.
 */
export function canonicalJson(value: unknown): string {
  return write(value, []) ?? 'null'
}

function write(value: unknown, around: readonly object[]): string | undefined {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'bigint') return JSON.stringify(`${value}n`)
    return JSON.stringify(value)
  }
  if (around.includes(value)) throw new TypeError('A value that holds itself has no JSON.')
  const inside = [...around, value]
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), inside)
  if (Array.isArray(value)) return `[${value.map((item) => write(item, inside) ?? 'null').join(',')}]`
  if (ArrayBuffer.isView(value))
    return write({ bytes: [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)] }, inside)
  const members: string[] = []
  for (const name of Object.keys(value).sort()) {
    const text = write((value as Readonly<Record<string, unknown>>)[name], inside)
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${members.join(',')}}`
}
