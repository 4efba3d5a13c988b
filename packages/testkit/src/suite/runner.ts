/** `it` of vitest, Jest, Bun or `node:test`. */
export interface ContractTest {
  (name: string, body: () => void | Promise<void>): unknown
  /** Shows a test that does not apply, with the reason in its name. */
  skip(name: string, body: () => void | Promise<void>): unknown
}

/**
 * The test runner, passed in so that the suite depends on none: `{ describe, it }` from `vitest`,
 * `@jest/globals`, `bun:test` or `node:test`.
 */
export interface ContractRunner {
  describe(name: string, body: () => void): unknown
  readonly it: ContractTest
}
