/**
 * Goes on with a value at once where it is known already, else when it comes: a promise for what is known would be paid
 * for by every request.
 */
export function whenKnown<T, R>(value: T | Promise<T>, use: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(use) : use(value)
}
