/** `T` with every member that may be undefined made optional instead. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** A copy of `record` without the members that are undefined, in the same order. */
export function defined<T extends object>(record: T): Defined<T> {
  // Member by member: this is done several times for every request.
  const all = record as Readonly<Record<string, unknown>>
  const kept: Record<string, unknown> = {}
  for (const name of Object.keys(all)) {
    const value = all[name]
    if (value === undefined) continue
    // Assigned, this one name of a caller's own options would change the prototype.
    if (name === '__proto__')
      Object.defineProperty(kept, name, { value, enumerable: true, configurable: true, writable: true })
    else kept[name] = value
  }
  return kept as Defined<T>
}
