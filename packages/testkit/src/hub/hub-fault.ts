/** Something that goes wrong on the hub or its large storage. */
export type HubFault =
  /** The connection breaks after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** One byte in the middle is another one; sizes and headers are right. */
  | { readonly kind: 'corrupt' }
  /** The body comes in pieces of `pieceBytes`, each only after `gate` has resolved. */
  | { readonly kind: 'slow'; readonly pieceBytes: number; gate(): Promise<void> }
  /** `Range` is ignored: 200 and the whole file. */
  | { readonly kind: 'no-ranges' }
  /** This status instead of an answer, e.g. 429 with `Retry-After` or 503. */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Nobody answers: the connection breaks before any byte. */
  | { readonly kind: 'network' }

/** When a fault strikes. */
export interface FaultRule {
  readonly fault: HubFault
  /** Part of the path of the request: `model.onnx`, `/api/models/`. */
  readonly path: string
  /** How often. Default: once. */
  readonly times?: number
}

/** The faults that are waiting. */
export interface FaultBook {
  add(rule: FaultRule): void
  /**
   * The fault that strikes a request for this path, counted down. Faults of a body wait for a request
   * that is answered with the bytes of a file (`servesFile`), and let redirects to it pass.
   */
  take(path: string, servesFile: boolean): HubFault | undefined
  clear(): void
}

const BODY_FAULTS: ReadonlySet<HubFault['kind']> = new Set(['cut', 'corrupt', 'slow', 'no-ranges'])

/** No faults. */
export function faultBook(): FaultBook {
  let rules: { readonly rule: FaultRule; left: number }[] = []
  return {
    add(rule) {
      rules.push({ rule, left: rule.times ?? 1 })
    },
    take(path, servesFile) {
      const entry = rules.find(
        ({ rule, left }) =>
          left > 0 && path.includes(rule.path) && (servesFile || !BODY_FAULTS.has(rule.fault.kind)),
      )
      if (entry === undefined) return undefined
      entry.left--
      return entry.rule.fault
    },
    clear() {
      rules = []
    },
  }
}
