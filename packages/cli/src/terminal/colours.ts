import pc from 'picocolors'

/** What is painted how: by meaning, so that one place decides about looks. Each is the identity without colour. */
export interface Colours {
  readonly strong: (text: string) => string
  readonly quiet: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly notice: (text: string) => string
  readonly name: (text: string) => string
}

/**
 * Whether to paint: `NO_COLOR` (any text) says no, `FORCE_COLOR` (any text but `0`) says yes,
 * else only on a terminal that is not `dumb`. The first that speaks wins.
 */
export function wantsColour(
  env: Readonly<Record<string, string | undefined>>,
  stream: { readonly isTTY?: boolean },
): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR'] ?? ''
  if (forced !== '') return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

/** The colours of one stream. */
export function createColours(enabled: boolean): Colours {
  const paint = pc.createColors(enabled)
  return {
    strong: paint.bold,
    quiet: paint.dim,
    good: paint.green,
    bad: paint.red,
    notice: paint.yellow,
    name: paint.cyan,
  }
}
