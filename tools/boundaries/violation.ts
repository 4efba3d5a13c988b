/** One broken rule, at one place. */
export interface Violation {
  readonly rule:
    | 'allowed-edges'
    | 'no-cycles'
    | 'declared-imports'
    | 'no-relative-escape'
    | 'core-without-node'
    | 'core-side-doors-shut'
    | 'core-without-provider-names'
    | 'readable'
  /** A path from the root of the repository, with the line where it is known. */
  readonly where: string
  readonly message: string
}
