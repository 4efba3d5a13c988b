/** The entry of a table for a word of the other side, which may also be `constructor` or `__proto__`. */
export function entryOf<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}
